"""The only door to the pictures: their rows, and their bytes in the file store."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from backend.clients.files import Files
from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import place, rows, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope
from backend.engine.pictures import Picture
from backend.features.materials.links import link
from backend.features.materials.shapes import Added, FileLink, Kind
from backend.features.materials.tables import MaterialRow

LOOSE_DAYS = 2
SIZES: tuple[Kind, ...] = ("full", "thumb")
_SWEPT = "swept"


async def add(actor: Actor, sent: bytes, picture: Picture) -> Added:
    """A row for a picture; sent again by the same person before it is used, the same row."""
    sha = sha256(sent).hexdigest()
    mine = {"area": actor.area, "sha": sha, "by_id": actor.id, "used_by": None}
    row = await rows(actor.scope, MaterialRow, **mine).first()
    if row is None:
        row = await place(
            actor.scope,
            MaterialRow,
            area=actor.area,
            id=new_id(),
            sha=sha,
            size=len(picture.full),
            width=picture.width,
            height=picture.height,
            by_id=actor.id,
            by=actor.name,
            at=clock.now(),
        )
    return Added(id=row.id, area=row.area)


async def add_released(actor: Actor, original: UUID, picture: Picture) -> Added:
    """A row for the covered copy of a picture of one's own area."""
    row = await rows(actor.scope, MaterialRow, id=original).first()
    if row is None:
        raise problems.not_found(kind="图片")
    copy = await place(
        actor.scope,
        MaterialRow,
        area=row.area,
        id=new_id(),
        sha=sha256(picture.full).hexdigest(),
        size=len(picture.full),
        width=picture.width,
        height=picture.height,
        by_id=actor.id,
        by=actor.name,
        at=clock.now(),
        copy_of=original,
        released=True,
    )
    return Added(id=copy.id, area=copy.area)


async def sent_by(actor: Actor, ids: Sequence[UUID]) -> bool:
    """Whether all of these were uploaded by the actor."""
    return await rows(actor.scope, MaterialRow, id__in=ids, by_id=actor.id).count() == len(set(ids))


async def released(scope: Scope, ids: Sequence[UUID], of: Sequence[UUID]) -> bool:
    """Whether all of these are covered copies of those, so that anybody may see them."""
    found = await select(
        scope,
        """select id from material where area like :scope and id = any(:ids) and released
             and copy_of = any(:of)""",
        ids=list(ids),
        of=list(of),
    )
    return len(found) == len(set(ids))


async def keep(files: Files, added: Added, picture: Picture) -> None:
    """Put both sizes into the file store. After the row: what has a row is found and swept."""
    await files.put(_name(added.area, added.id, "full"), picture.full)
    await files.put(_name(added.area, added.id, "thumb"), picture.thumb)


async def read(scope: Scope, files: Files, material: UUID, size: Kind = "full") -> bytes:
    """The JPEG of a picture within a scope."""
    row = await rows(scope, MaterialRow, id=material).first()
    if row is None:
        raise problems.not_found(kind="图片")
    try:
        return await files.get(_name(row.area, row.id, size))
    except FileNotFoundError:
        raise problems.not_found(kind="图片") from None


async def read_all(scope: Scope, files: Files, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The JPEGs of pictures within a scope; what is not there any more is left out."""
    text = "select id, area from material where area like :scope and id = any(:ids)"
    found = await select(scope, text, ids=list(ids))
    bodies: dict[UUID, bytes] = {}
    for row in found:
        with suppress(FileNotFoundError):
            bodies[row["id"]] = await files.get(_name(row["area"], row["id"], "full"))
    return bodies


async def links(actor: Actor, ids: Sequence[UUID]) -> list[FileLink]:
    """Addresses for <img>, in the order asked; pictures outside the actor's scope are left out."""
    text = "select id from material where area like :scope and id = any(:ids)"
    seen = {row["id"] for row in await select(actor.scope, text, ids=list(ids))} if ids else set()
    return [link(material, actor.session) for material in ids if material in seen]


async def links_in(actor: Actor, record: str, ids: Sequence[UUID]) -> list[FileLink]:
    """Addresses of pictures for whoever may see the record that uses them (`order:<uuid>`)."""
    if not ids:
        return []
    found = await select(
        EVERYWHERE,
        """select id from material
           where area like :scope and id = any(:ids) and used_by = :record""",
        ids=list(ids),
        record=record,
    )
    seen = {row["id"] for row in found}
    return [link(material, actor.session, wide=True) for material in ids if material in seen]


async def links_out(ids: Sequence[UUID]) -> dict[UUID, FileLink]:
    """Addresses for whoever looks, of those that were released for that."""
    text = """select id from material where area like :scope and id = any(:ids) and released"""
    found = await select(EVERYWHERE, text, ids=list(ids)) if ids else []
    return {row["id"]: link(row["id"], None) for row in found}


async def attach(scope: Scope, ids: Sequence[UUID], ref: str) -> None:
    """Bind pictures to what uses them (`entry:<uuid>`), on the caller's transaction."""
    if not ids:
        return
    bound = await select(
        scope,
        """update material set used_by = :ref where area like :scope and id = any(:ids)
           and (used_by is null or used_by = :ref) returning id""",
        ids=list(set(ids)),
        ref=ref,
    )
    if len(bound) == len(set(ids)):
        return
    if await rows(scope, MaterialRow, id__in=ids).count() == len(set(ids)):
        raise problems.file_used()
    raise problems.not_found(kind="图片")


async def loosen(scope: Scope, ids: Sequence[UUID], ref: str) -> None:
    """Pictures are no longer what `ref` uses, because another record takes them over."""
    await select(
        scope,
        """update material set used_by = null
           where area like :scope and id = any(:ids) and used_by = :ref returning id""",
        ids=list(ids),
        ref=ref,
    )


async def sweep(files: Files) -> int:
    """Remove pictures that nothing has used for days: a form left open, a slip of the finger.

    First they are marked, so nobody can attach them any more; whatever is interrupted after that
    is taken up by the next sweep.
    """
    loose = await select(
        EVERYWHERE,
        """update material set used_by = :mark
           where area like :scope and (used_by is null and at < :before or used_by = :mark)
           returning id, area""",
        before=clock.now() - timedelta(days=LOOSE_DAYS),
        mark=_SWEPT,
    )
    for row in loose:
        await files.delete(*(_name(row["area"], row["id"], size) for size in SIZES))
        await rows(EVERYWHERE, MaterialRow, id=row["id"]).delete()
    return len(loose)


def _name(area: str, material: UUID, size: Kind) -> str:
    return f"{area}/{material}/{size}.jpg"
