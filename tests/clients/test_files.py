"""The file store behind its four verbs: a folder, memory, and S3 over real HTTP."""

import stat
from contextlib import suppress

import pytest
from aiohttp.test_utils import TestServer

from backend.clients.files import Files
from backend.core.problems import Problem
from tests.s3 import S3

NAME = "310107005001/0192f3a4-b5c6-7123-8123-123456789012/full.jpg"


@pytest.fixture
async def s3():
    store = S3()
    async with TestServer(store.app()) as server:
        store.url = f"s3://jucun/photos?endpoint=http://127.0.0.1:{server.port}&region=cn-east"
        yield store


@pytest.fixture(params=["folder", "memory", "s3"])
def files(request, tmp_path, s3):
    url = {"folder": None, "memory": "memory://", "s3": s3.url}[request.param]
    return Files(url, tmp_path / "files", "minio", "secret")


async def test_there_and_back(files):
    assert not await files.exists(NAME)
    await files.put(NAME, b"\xff\xd8picture")
    assert await files.exists(NAME) and await files.get(NAME) == b"\xff\xd8picture"
    await files.put(NAME, b"another")
    assert await files.get(NAME) == b"another"
    await files.delete(NAME, "not/there.jpg")
    assert not await files.exists(NAME)


async def test_what_is_not_there(files):
    with pytest.raises(FileNotFoundError):
        await files.get(NAME)
    await files.delete(NAME)


async def test_a_large_one(files):
    body = bytes(range(256)) * 40_000
    await files.put(NAME, body)
    assert await files.get(NAME) == body


@pytest.mark.parametrize("name", ["../outside.jpg", "a/../../outside.jpg", "/etc/passwd"])
async def test_no_name_leads_out_of_the_folder(tmp_path, name):
    files = Files(None, tmp_path / "files")
    with suppress(ValueError):  # names are ours, so this is a mistake of ours
        await files.put(name, b"x")
    inside = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(tmp_path / "files") for path in inside)


async def test_the_prefix_of_the_bucket(s3, tmp_path):
    await Files(s3.url, tmp_path, "minio", "secret").put(NAME, b"x")
    assert list(s3.objects) == [f"photos/{NAME}"]


async def test_a_store_in_trouble_is_a_503_in_seconds(s3, tmp_path):
    files = Files(s3.url, tmp_path, "minio", "secret")
    s3.away = True
    with pytest.raises(Problem) as found:
        await files.put(NAME, b"x")
    assert (found.value.status, found.value.code) == (503, "file.store_away")
    s3.away = False
    await files.put(NAME, b"x")


async def test_wrong_keys_are_the_same_trouble(s3, tmp_path):
    with pytest.raises(Problem):
        await Files(s3.url, tmp_path, "somebody", "else").put(NAME, b"x")


async def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "files").write_text("a file stands where the folder should be")
    with pytest.raises(Problem) as found:
        await Files(None, tmp_path / "files").put(NAME, b"x")
    assert found.value.status == 503
    assert stat.S_ISREG((tmp_path / "files").stat().st_mode)


def test_an_address_of_another_kind_is_refused_at_start_up(tmp_path):
    with pytest.raises(ValueError, match="JUCUN_FILES_URL"):
        Files("ftp://files", tmp_path)
