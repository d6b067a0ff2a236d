"""What is wrong with a deployment, found before anybody is let in: each finding has an id, says
what is wrong and how to mend it. `serve` refuses to start on errors; warnings are told and logged.

The ids are stable, so that docs/operations.md and whoever is called at night can name them.
"""

import stat
from collections.abc import AsyncIterator, Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import yaml
from asyncpg.exceptions import PostgresError

from backend.clients import wecom
from backend.clients.files import Files
from backend.clients.redis import Redis
from backend.core import clock, crypto, db
from backend.core.problems import Problem
from backend.engine.clocks.load import CalendarFileError, load_calendar
from backend.engine.clocks.read_hours import load_hours
from backend.engine.form.load import load_all
from backend.engine.form.yaml_nodes import Mistake, MistakenFileError
from backend.engine.orders.categories import read_categories
from backend.engine.orders.rates import read_yardstick
from backend.engine.orders.read_limits import read_limits
from backend.engine.pdf.fonts import Fonts
from backend.features.connectors.source import read_addresses
from backend.features.duty.plan import FILE as PLAN
from backend.features.duty.plan import Plan
from backend.settings import HOME, Settings

OLDEST_POSTGRES = 15
PATIENCE = 5.0  # seconds for a neighbour to answer
MOST_SKEW = 5.0  # seconds; leases of jobs are told by the machines' clocks
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. An error refuses to start, a warning does not."""

    id: str
    setting: str
    wrong: str
    mend: str
    error: bool = True

    def __str__(self) -> str:
        kind = "错误" if self.error else "提醒"
        return f"{kind} {self.id}  {self.setting}：{self.wrong}\n      {self.mend}"


Check = Callable[[Settings], AsyncIterator[Finding]]


async def run(settings: Settings) -> list[Finding]:
    """Try every setting against the real thing; errors first."""
    found = [finding for check in CHECKS async for finding in check(settings)]
    return sorted(found, key=lambda finding: (not finding.error, finding.id))


async def _keys(settings: Settings) -> AsyncIterator[Finding]:
    path, mend = (
        settings.keys_file,
        "用 `./jucun keys 文件` 生成一次，另存一份备份，再在这里写明路径。",
    )
    if path is None:
        yield Finding("jucun.E001", "JUCUN_KEYS_FILE", "没有密钥文件", mend)
        return
    try:
        crypto.Keys.read(path)
    except (OSError, ValueError) as error:
        yield Finding("jucun.E002", "JUCUN_KEYS_FILE", f"密钥文件读不了：{_why(error)}", mend)
        return
    production = settings.env == "production"
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        wrong, mend = "密钥文件别人也能读", f"执行 chmod 600 {path}"
        yield Finding("jucun.E003", "JUCUN_KEYS_FILE", wrong, mend, error=production)
    if production and path.is_relative_to(settings.var / "demo"):
        wrong, mend = "生产环境用了演示的密钥", "生产环境要有自己的密钥：`./jucun keys 文件`。"
        yield Finding("jucun.E004", "JUCUN_KEYS_FILE", wrong, mend)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    name = "JUCUN_DATABASE_URL"
    mend = f"填 PostgreSQL {OLDEST_POSTGRES} 或更高版本：postgresql://用户:密码@主机:5432/库名"
    if settings.database_url is None:
        yield Finding("jucun.E010", name, "没有数据库地址", mend)
        return
    try:
        given = db.credentials(settings.database_url.get_secret_value())
        plain = {key: given[key] for key in ("host", "port", "user", "password", "database", "ssl")}
        connection = await asyncpg.connect(timeout=PATIENCE, **plain)
    except asyncpg.InvalidCatalogNameError:
        yield Finding("jucun.E012", name, "这个库还不存在", "执行 `./jucun migrate`，会自动建库。")
        return
    except (OSError, ValueError, TimeoutError, PostgresError) as error:
        yield Finding("jucun.E011", name, f"连不上：{_why(error)}", mend)
        return
    try:
        async for finding in _server(settings, connection):
            yield finding
    finally:
        await connection.close()


async def _server(settings: Settings, connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    """What the database itself says about version, encoding, shape, room and time."""
    name = "JUCUN_DATABASE_URL"
    if (major := connection.get_server_version().major) < OLDEST_POSTGRES:
        mend = f"请升级到 {OLDEST_POSTGRES} 或更高版本。"
        yield Finding("jucun.E013", name, f"PostgreSQL {major} 太旧", mend)
    if (encoding := await connection.fetchval("show server_encoding")) != "UTF8":
        yield Finding("jucun.E014", name, f"库的编码是 {encoding}", "请用 UTF8 编码重新建库。")
    if missing := await _not_applied(connection):
        wrong = f"库结构不是最新的，还差 {'、'.join(missing)}"
        yield Finding("jucun.E015", name, wrong, "执行 `./jucun migrate`。")
    most = int(await connection.fetchval("show max_connections"))
    if (wanted := settings.pool * settings.processes + settings.hands) > most:
        wrong = f"最多要用 {wanted} 个连接，数据库只给 {most} 个"
        mend = "调小 JUCUN_POOL 或 JUCUN_PROCESSES，或调大数据库的 max_connections。"
        yield Finding("jucun.W016", "JUCUN_POOL", wrong, mend, error=False)
    theirs = await connection.fetchval("select clock_timestamp()")
    if (skew := abs(theirs - clock.now())) > timedelta(seconds=MOST_SKEW):
        wrong = f"本机与数据库的时间相差 {skew.total_seconds():.0f} 秒"
        yield Finding("jucun.W017", name, wrong, "请让两台机器都与 NTP 对时。", error=False)


async def _not_applied(connection: asyncpg.Connection) -> list[str]:
    if not await connection.fetchval("select to_regclass('tortoise_migrations')"):
        return ["全部"]
    applied = {
        row["name"] for row in await connection.fetch("select name from tortoise_migrations")
    }
    return [path.stem for path in sorted(MIGRATIONS.glob("0*.py")) if path.stem not in applied]


async def _redis(settings: Settings) -> AsyncIterator[Finding]:
    name = "JUCUN_REDIS_URL"
    mend = "填 Redis 7 或更高版本：redis://:密码@主机:6379/0"
    if settings.redis_url is None:
        if settings.env == "production":
            wrong = "没有 Redis，限流和企业微信令牌只在单个进程内有效"
            if settings.processes > 1:
                yield Finding("jucun.E041", name, wrong, mend)
            else:
                yield Finding("jucun.W043", name, wrong, mend, error=False)
        return
    try:
        redis = Redis(settings.redis_url.get_secret_value())
    except ValueError as error:
        yield Finding("jucun.E042", name, f"地址不对：{_why(error)}", mend)
        return
    if not await redis.reachable():
        wrong = "Redis 连不上；恢复之前不限流，其他功能照常"
        yield Finding("jucun.W040", name, wrong, mend, error=False)
    await redis.close()


async def _files(settings: Settings) -> AsyncIterator[Finding]:
    name = "JUCUN_FILES_URL"
    key, secret = (
        given.get_secret_value() if given else ""
        for given in (settings.files_key, settings.files_secret)
    )
    mend = "检查地址、桶名和密钥（JUCUN_FILES_KEY、JUCUN_FILES_SECRET），或文件夹的权限。"
    if settings.files_url and not (key and secret):
        yield Finding("jucun.E052", "JUCUN_FILES_KEY", "对象存储的密钥没有填全", mend)
        return
    probe = f"check/{uuid4()}"
    try:
        files = Files(settings.files_url, settings.var / "files", key, secret)
        await files.put(probe, b"jucun")
        if await files.exists(probe):
            await files.delete(probe)
    except (Problem, OSError, ValueError) as error:
        yield Finding("jucun.E050", name, f"图片存不进去：{_why(error)}", mend)
        return
    if settings.env == "production" and settings.files_url is None:
        wrong = f"图片存在本机 {settings.var / 'files'}，别的机器看不到"
        mend = "只有一台机器时可以；否则填 s3://桶?endpoint=https://主机"
        yield Finding("jucun.W051", name, wrong, mend, error=False)


async def _corps(settings: Settings) -> AsyncIterator[Finding]:
    name, mend = "JUCUN_CORPS_FILE", _EXAMPLES
    if settings.corps_file is None:
        wrong = "没有企业微信配置，谁也登录不了"
        if settings.env == "production":
            yield Finding("jucun.E020", name, wrong, mend)
        else:
            yield Finding("jucun.W022", name, wrong, mend, error=False)
        return
    try:
        wecom.read(settings.corps_file)
    except (OSError, ValueError) as error:
        yield Finding("jucun.E021", name, f"企业微信配置有误：{_why(error)}", mend)


async def _feeds(settings: Settings) -> AsyncIterator[Finding]:
    name, path = "JUCUN_FEEDS_FILE", settings.feeds_file
    if path is None:
        return
    try:
        if not path.is_file():
            raise FileNotFoundError(f"没有 {path}")
        read_addresses(path)
    except (OSError, ValueError, yaml.YAMLError) as error:
        yield Finding("jucun.E030", name, f"数据源地址有误：{_why(error)}", _EXAMPLES)


_EXAMPLES = "写法见 docs/operations.md 的 Files with secrets 一节。"


async def _address(settings: Settings) -> AsyncIterator[Finding]:
    if settings.env != "production":
        return
    name, mend = "JUCUN_PUBLIC_URL", "填大家访问的网址，例如 https://jucun.example.gov.cn"
    if settings.public_url is None:
        yield Finding("jucun.E060", name, "没有填对外网址，登录跳转和消息链接会指错", mend)
    elif not settings.secure:
        yield Finding("jucun.E061", name, f"{settings.url} 不是 HTTPS", mend)
    elif settings.trusted_proxies == 0:
        wrong = "前面有反向代理时，所有人在限流里会被当成同一个地址"
        mend = "填前面有几层反向代理；没有代理时不用理会。"
        yield Finding("jucun.W062", "JUCUN_TRUSTED_PROXIES", wrong, mend, error=False)


async def _contents(settings: Settings) -> AsyncIterator[Finding]:
    """What the product brings along: fonts, forms, the calendar of working days."""
    folder = HOME / "templates" / "fonts"
    if missing := Fonts(folder / "node_modules").missing_files():
        wrong = f"缺 {len(missing)} 个字体文件，打不出 PDF"
        yield Finding("jucun.E070", "templates/fonts", wrong, f"在 {folder} 里执行 npm ci。")
    folders = [HOME / "forms", *settings.forms_extra]
    loaded = load_all(folders)
    others = (*mistakes_on_orders(folders), *mistakes_in_plan(folders, loaded.forms))
    if mistakes := (*loaded.mistakes, *others):
        wrong = f"表单有 {len(mistakes)} 处错误，第一处：{mistakes[0]}"
        yield Finding("jucun.E080", "forms", wrong, "执行 `./jucun check forms` 看全部。")
    for finding in _calendar([HOME / "forms", *settings.forms_extra]):
        yield finding


def mistakes_on_orders(folders: Sequence[Path]) -> tuple[Mistake, ...]:
    """What is wrong in the files by which orders are sorted and timed, where there are any."""
    hours = [folder / "calendar" / "hours.yaml" for folder in folders]
    try:
        if any((folder / "orders").exists() for folder in folders):
            read_limits(folders, read_categories(folders))
            read_yardstick(folders)
        for path in filter(Path.exists, hours):
            load_hours(path, load_calendar(path.parent))
    except MistakenFileError as error:
        return error.mistakes
    except CalendarFileError as error:
        return (Mistake("calendar", 1, str(error), "a year as in the other files"),)
    return ()


def mistakes_in_plan(folders: Sequence[Path], known: Container[str]) -> tuple[Mistake, ...]:
    """What is wrong in the plan (预案) by which a street leaves ordinary times, if there is one;
    `known` are the codes of the forms in force."""
    if not any((folder / PLAN).is_file() for folder in folders):
        return ()
    try:
        plan = Plan.read(folders)
    except (ValueError, yaml.YAMLError) as error:
        return (Mistake(f"forms/{PLAN}", 1, str(error), "a plan as the product brings it"),)
    named = (plan.flash.form, plan.supplies, plan.log)
    return tuple(
        Mistake(f"forms/{PLAN}", 1, f"there is no form {code}", "a report or ledger in force")
        for code in named
        if code not in known
    )


def _calendar(forms: Sequence[Path]) -> Iterator[Finding]:
    today = clock.today()
    try:
        years = load_calendar(*(folder / "calendar" for folder in forms)).years
    except (OSError, ValueError) as error:
        wrong = f"日历文件读不了：{_why(error)}"
        yield Finding("jucun.E081", "forms/calendar", wrong, "改正这个文件；写法见其他年份。")
        return
    for year, id_, grave in ((today.year, "E082", True), (today.year + 1, "W083", False)):
        if year not in years:
            wrong = f"没有 {year} 年的工作日安排，这一年到期的报表定不出截止日，不会自动生成"
            mend = (
                f"国务院办公厅的放假通知（一般在 11 月）发布后，仿照往年写一份 {year}.yaml，"
                "放进 JUCUN_FORMS_EXTRA 所列目录的 calendar/ 下，或升级版本，再重启。"
            )
            yield Finding(f"jucun.{id_}", "forms/calendar", wrong, mend, error=grave)


CHECKS: tuple[Check, ...] = (
    _keys,
    _database,
    _corps,
    _feeds,
    _redis,
    _files,
    _address,
    _contents,
)


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
