"""`check …`: what is wrong with the settings, the forms or the audit trace, and how to mend it."""

import asyncio
from pathlib import Path

from backend import checks
from backend.cli import parts
from backend.core import crypto, db, logs, seal
from backend.engine.form.load import load_all
from backend.machine.places import ROOT
from backend.machine.running import Failed
from backend.machine.telling import say
from backend.settings import Settings
from backend.tables import TABLES


def settings() -> None:
    """Tell what is wrong; the exit code is 1 when anything is."""
    logs.start("CRITICAL")  # whatever a client would log is told in plainer words below
    with parts.at_hand() as given:
        demand(given)
    say("The settings are good.")


def demand(given: Settings) -> None:
    """Tells what could be better; raises Failed when something is wrong."""
    found = asyncio.run(checks.run(given))
    for finding in found:
        if not finding.error:
            say(str(finding))
    if errors := [str(finding) for finding in found if finding.error]:
        raise Failed("\n    ".join(["The settings will not do:", *errors]))


def audit(head: str | None) -> None:
    """Verify the audit chain, also against a head that was noted elsewhere."""
    try:
        published = seal.read_head(head) if head else None
    except ValueError:
        raise Failed("A head looks like 1204:0f3c9-a1b44-…, as the worker logs it.") from None
    with parts.at_hand() as given:
        verdict = asyncio.run(_verify(given, published))
    if not verdict.whole:
        raise Failed(str(verdict))
    say(str(verdict))


async def _verify(given: Settings, published: tuple[int, bytes] | None) -> seal.Verdict:
    if given.keys_file is None or given.database_url is None:
        raise Failed("JUCUN_KEYS_FILE is missing: the chain can only be checked with its keys.")
    crypto.use(crypto.Keys.read(given.keys_file))
    async with db.database(given.database_url.get_secret_value(), TABLES, 2):
        return await seal.check(published)


def forms(folders: list[Path]) -> None:
    """Read all definitions; every mistake is told with its file and line."""
    folders = folders or [ROOT / "forms"]
    loaded = load_all(folders)
    others = (*checks.mistakes_on_orders(folders), *checks.mistakes_in_plan(folders, loaded.forms))
    if mistakes := (*loaded.mistakes, *others):
        lines = [str(mistake) for mistake in mistakes]
        raise Failed("\n    ".join([f"{len(lines)} mistakes in the forms:", *lines]))
    say(f"{len(loaded.forms)} forms, {len(loaded.elements)} elements, {len(loaded.lists)} lists.")
