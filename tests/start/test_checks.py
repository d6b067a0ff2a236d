"""What refuses to start, by id: each thing that can be wrong with a deployment, made wrong."""

import re
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from backend import checks
from backend.core import clock, crypto, db
from backend.settings import HOME
from tests.s3 import S3

CORPS = """
corps:
  - corp_id: wwputuo
"""


@pytest.fixture
def good(settings, tmp_path):
    """Production as it should be, but for what a test takes away."""
    crypto.Keys.fresh().write(tmp_path / "keys.json")
    return settings.model_copy(
        update={
            "env": "production",
            "var": tmp_path,
            "keys_file": tmp_path / "keys.json",
            "redis_url": SecretStr("redis://127.0.0.1:1/0"),
            "public_url": "https://jucun.example.gov.cn",
            "trusted_proxies": 1,
        }
    )


async def ids(settings, **changes):
    found = await checks.run(settings.model_copy(update=changes))
    for finding in found:
        assert re.search(r"[\u4e00-\u9fff]", finding.wrong) and finding.mend
        assert finding.id[6] == ("E" if finding.error else "W") and finding.id in str(finding)
    assert [f.error for f in found] == sorted((f.error for f in found), reverse=True)
    return {finding.id.removeprefix("jucun.") for finding in found}


@pytest.fixture
async def usual(good):
    """What is found even so on this machine (no corps, no Redis, perhaps no fonts or calendar)."""
    return await ids(good)


async def test_nothing_is_wrong_that_is_not(usual):
    assert usual <= {"E020", "E021", "W040", "W051", "E070", "W083"}


async def test_keys(good, usual, tmp_path):
    assert await ids(good, keys_file=None) - usual == {"E001"}
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "bad.json").chmod(0o600)
    assert await ids(good, keys_file=tmp_path / "bad.json") - usual == {"E002"}
    assert await ids(good, keys_file=tmp_path / "none.json") - usual == {"E002"}
    (tmp_path / "demo").mkdir()
    crypto.Keys.fresh().write(tmp_path / "demo/keys.json")
    assert await ids(good, keys_file=tmp_path / "demo/keys.json") - usual == {"E004"}
    good.keys_file.chmod(0o644)
    assert "E003" in await ids(good)


async def test_the_database(good, usual):
    assert await ids(good, database_url=None) - usual == {"E010"}
    for url in ("postgresql://127.0.0.1:1/x", "postgresql://127.0.0.1:port/x", "nonsense"):
        assert await ids(good, database_url=SecretStr(url)) - usual == {"E011"}, url
    here = good.database_url.get_secret_value()
    nowhere = re.sub(r"/jucun_test_\w+", "/jucun_test_no_such", here)
    assert await ids(good, database_url=SecretStr(nowhere)) - usual == {"E012"}
    assert "W016" in await ids(good, pool=100, processes=64)


async def test_a_database_that_was_never_migrated(good, usual):
    url = good.database_url.get_secret_value()
    name = f"jucun_test_{uuid4().hex[:8]}"
    given = db.credentials(url)
    keys = ("host", "port", "user", "password", "ssl")
    server = await asyncpg.connect(**{k: given[k] for k in keys}, database="postgres")
    await server.execute(
        f"create database {name} encoding 'SQL_ASCII' locale 'C' template template0"
    )
    try:
        other = re.sub(r"/jucun_test_\w+", f"/{name}", url)
        assert await ids(good, database_url=SecretStr(other)) - usual == {"E014", "E015"}
    finally:
        await server.execute(f"drop database {name} with (force)")
        await server.close()


async def test_clocks_that_differ(good, usual):
    from datetime import timedelta

    with clock.pretend_everywhere(clock.now() + timedelta(seconds=30)):
        assert "W017" in await ids(good)


async def test_redis(good, usual):
    assert "W040" in usual
    assert "W043" in await ids(good, redis_url=None)
    assert "E041" in await ids(good, redis_url=None, processes=2)
    assert "E042" in await ids(good, redis_url=SecretStr("http://redis"))
    assert not await ids(good, redis_url=None, env="demo", processes=2) & {"W043", "E041"}


async def test_files(good, usual, tmp_path):
    assert "W051" in usual
    s3 = "s3://jucun?endpoint=http://127.0.0.1:1"
    assert "E052" in await ids(good, files_url=s3)
    secret = {"files_key": SecretStr("minio"), "files_secret": SecretStr("secret")}
    assert "E050" in await ids(good, files_url=s3, **secret)
    assert "E050" in await ids(good, files_url="ftp://x", **secret)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    assert "E050" in await ids(good, var=blocked)
    assert not list((tmp_path / "files").rglob("*.*"))


async def test_files_in_a_store_that_answers(good, usual):
    from aiohttp.test_utils import TestServer

    store = S3()
    async with TestServer(store.app()) as server:
        url = f"s3://jucun?endpoint=http://127.0.0.1:{server.port}"
        secret = {"files_key": SecretStr("minio"), "files_secret": SecretStr("secret")}
        assert not await ids(good, files_url=url, **secret) & {"E050", "E052", "W051"}
    assert store.objects == {} and {method for method, _ in store.seen} >= {"PUT", "HEAD"}


async def test_neighbours(good, usual, tmp_path):
    assert "E020" in await ids(good, corps_file=None)
    assert "W022" in await ids(good, corps_file=None, env="demo")
    for text in (CORPS, "[", "corps: 3", "\tx"):
        (tmp_path / "corps.yaml").write_text(text)
        found = await ids(good, corps_file=tmp_path / "corps.yaml")
        assert "E021" in found, text
    assert "E030" in await ids(good, feeds_file=tmp_path / "none.yaml")
    (tmp_path / "feeds.yaml").write_text("street: {url: http://x}")
    assert "E030" in await ids(good, feeds_file=tmp_path / "feeds.yaml")


async def test_the_address(good, usual):
    assert await ids(good, public_url=None) - usual == {"E060"}
    assert await ids(good, public_url="http://jucun") - usual == {"E061"}
    assert await ids(good, trusted_proxies=0) - usual == {"W062"}
    assert not await ids(good, env="demo", public_url=None) & {"E060", "E061"}


async def test_what_the_product_brings_along(good, usual, tmp_path, monkeypatch):
    (tmp_path / "extra/ledgers").mkdir(parents=True)
    (tmp_path / "extra/ledgers/X.yaml").write_text("code: [")
    assert await ids(good, forms_extra=(tmp_path / "extra",)) - usual == {"E080"}
    (tmp_path / "extra/ledgers/X.yaml").unlink()
    (tmp_path / "extra/orders").mkdir()
    (tmp_path / "extra/orders/limits.yaml").write_text("steps: {sign: {limit: soon}}")
    assert await ids(good, forms_extra=(tmp_path / "extra",)) - usual == {"E080"}
    (tmp_path / "extra/orders/limits.yaml").unlink()
    (tmp_path / "extra/duty").mkdir()
    (tmp_path / "extra/duty/plan.yaml").write_text("shifts: []")
    assert await ids(good, forms_extra=(tmp_path / "extra",)) - usual == {"E080"}
    monkeypatch.setattr(checks, "HOME", tmp_path)
    (tmp_path / "forms").mkdir()
    assert {"E070", "E081"} <= await ids(good)


async def test_the_calendar_of_this_and_the_next_year(good, at):
    with at("2026-05-01 09:00"):
        assert not {"E082"} & await ids(good)
    with at("2031-01-01 09:00"):
        assert {"E082", "W083"} <= await ids(good)


def test_every_id_is_documented():
    told = (HOME / "docs/operations.md").read_text(encoding="utf-8")
    source = Path(checks.__file__).read_text(encoding="utf-8")
    known = set(re.findall(r'"(?:jucun\.)?([EW]\d{3})"', source))
    assert len(known) > 20 and known == set(re.findall(r"`jucun\.([EW]\d{3})`", told))
