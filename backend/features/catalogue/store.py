"""The only door to the stored versions of definitions."""

import hashlib

from backend.core import clock
from backend.core.db import sql
from backend.core.ids import new_id
from backend.engine.form.definition import FormDef


class Rewritten(ValueError):
    """A definition was changed without a new version number."""


async def keep(forms: list[FormDef]) -> None:
    """Store versions not seen before. A stored version that now reads otherwise is refused."""
    stored = {
        (row["code"], row["version"]): row["sha"]
        for row in await sql("select code, version, sha from form_version")
    }
    for form in forms:
        body = form.model_dump_json()
        sha = hashlib.sha256(body.encode()).hexdigest()
        was = stored.get((form.code, form.version))
        if was is None:
            await _add(form, sha)
        elif was != sha:
            raise Rewritten(f"{form.code} changed, but is still version {form.version}")


async def _add(form: FormDef, sha: str) -> None:
    await sql(
        """insert into form_version (id, code, version, sha, body, in_force_from, at)
           values (:id, :code, :version, :sha, :body, :from_day, :now) on conflict do nothing""",
        id=new_id(),
        code=form.code,
        version=form.version,
        sha=sha,
        body=form.model_dump(mode="json"),
        from_day=form.in_force_from,
        now=clock.now(),
    )


async def versions() -> list[FormDef]:
    """Every stored version, for answers that were given with it."""
    found = await sql("select body from form_version order by code, version")
    return [FormDef.model_validate(row["body"]) for row in found]
