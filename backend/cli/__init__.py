"""The command line: every command imports what it needs when it runs, so that help is quick."""

# ruff: noqa: PLC0415

import sys
from pathlib import Path
from typing import Annotated

import typer

from backend.machine import running
from backend.machine.running import Failed, Interrupted
from backend.machine.telling import complain

app = typer.Typer(
    name="jucun",
    help="居村通 Jucun: one login, one entry, and reports that write themselves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
check = typer.Typer(help="Check the settings, the forms or the audit trace.", no_args_is_help=True)
app.add_typer(check, name="check")


def main() -> None:
    """Run a command; what cannot be done is told in plain words and ends with code 1."""
    try:
        app(prog_name="jucun")
    except Interrupted:
        sys.exit(130)
    except Failed as failure:
        complain(f"\n  {failure}")
        sys.exit(1)


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option(help="Throw the demo's data away and begin anew.")] = False,
) -> None:
    """Start a whole district on this machine: database, sandboxes, server and worker."""
    from backend.machine import demo as district

    sys.exit(district.run(fresh=fresh))


@app.command()
def test(
    parts: Annotated[list[str] | None, typer.Argument(help="Parts to run; all without.")] = None,
    matching: Annotated[
        str | None, typer.Option("-k", help="Only tests whose names match.")
    ] = None,
) -> None:
    """Run the checks: shape, engine, forms, features, outside, front, mini, browser."""
    from backend.cli import testing

    running.heed_signals()
    sys.exit(testing.run(parts or [], matching))


@app.command()
def build(
    everything: Annotated[
        bool, typer.Option("--all", help="The mini program too, and what its tests need.")
    ] = False,
) -> None:
    """Build the screens: console and phone (H5)."""
    from backend.machine import front

    running.heed_signals()
    front.ensure()
    if everything:
        front.install(front.MP_TEST)
        front.build(front.MINI_PROGRAM_BUILD)


@app.command()
def serve() -> None:
    """Serve the API and the screens, in as many processes as JUCUN_PROCESSES says."""
    from backend.cli import serving

    serving.serve()


@app.command()
def work() -> None:
    """Run the worker: reactions, jobs and the clock."""
    from backend.cli import serving

    serving.work()


@app.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    from backend.cli import migrating

    migrating.migrate()


@app.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document."""
    from backend.cli import tasks

    tasks.openapi()


@app.command()
def pull(feed: Annotated[str, typer.Argument(help="Key of the feed.")]) -> None:
    """Pull one feed now, here, and tell what came."""
    from backend.cli import tasks

    tasks.pull(feed)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the benchmark; its own options follow.")],
) -> None:
    """Run a benchmark of tests/bench and print its figures."""
    from backend.cli import tasks

    tasks.bench(name, context.args)


@app.command()
def staff(
    file: Annotated[Path, typer.Argument(help="xlsx, xls or csv: 姓名, 企业微信账号, 岗位 …")],
) -> None:
    """Take the roster from a spreadsheet; this is how the first administrator gets a role."""
    from backend.cli import tasks

    tasks.staff(file)


@app.command()
def keys(
    file: Annotated[Path, typer.Argument(help="The key ring to make, or to extend.")],
    rotate: Annotated[bool, typer.Option(help="Add a key and seal with it from now on.")] = False,
) -> None:
    """Make the key ring that seals ID numbers, phones and the audit trace."""
    from backend.cli import tasks

    tasks.keys(file, rotate=rotate)


@check.command("settings")
def check_settings() -> None:
    """Try every setting against the real thing; say what is wrong and how to mend it."""
    from backend.cli import verdicts

    verdicts.settings()


@check.command("forms")
def check_forms(
    folders: Annotated[list[Path] | None, typer.Argument(help="Instead of forms/.")] = None,
) -> None:
    """Read all form definitions; mistakes are told with file and line."""
    from backend.cli import verdicts

    verdicts.forms(folders or [])


@check.command("audit")
def check_audit(
    head: Annotated[
        str | None, typer.Option(help="A chain head as the worker logged it, to check against.")
    ] = None,
) -> None:
    """Verify the whole audit chain; name the first row that is broken."""
    from backend.cli import verdicts

    verdicts.audit(head)
