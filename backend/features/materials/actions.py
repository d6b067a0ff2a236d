"""What people do with pictures: send them, and look at them."""

from uuid import UUID

from backend.clients.files import Files
from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.cpu import cpu
from backend.core.files import Download, Upload
from backend.core.scope import EVERYWHERE
from backend.engine import pictures
from backend.engine.pictures import Box, Picture
from backend.features.accounts import whoever
from backend.features.materials import store
from backend.features.materials.links import Pass, link, read
from backend.features.materials.shapes import Added, Copied, Cover, Released, Size, Uploaded

_KEPT_SECONDS = 600


@look("file.add", "上传图片")
async def upload(actor: Actor, upload: Upload, files: Files) -> Uploaded:
    """Take a JPEG or PNG: turned upright, without EXIF, in two sizes."""
    picture = await _prepared(upload)
    # no transaction is held while the file store is written to
    added = await add(actor, upload.body, picture)
    await store.keep(files, added, picture)
    # whoever sent it sees it, also without the right to look at those of others
    addresses = link(added.id, actor.session, wide=True).model_dump()
    return Uploaded(**addresses, width=picture.width, height=picture.height)


@act("file.add", "上传图片")
async def add(actor: Actor, sent: bytes, picture: Picture) -> Added:
    """The row of a picture, and its trace."""
    return await store.add(actor, sent, picture)


@look("file.release", "遮挡并公开图片")
async def cover(actor: Actor, material: UUID, body: Cover, files: Files) -> Released:
    """A copy of a picture with faces, plates and the like covered, which may be shown outside."""
    boxes = tuple(Box(one.x, one.y, one.width, one.height) for one in body.boxes)
    picture = await cpu(pictures.covered, await store.read(actor.scope, files, material), boxes)
    copied = await release(actor, material, picture, len(boxes))
    await store.keep(files, copied, picture)
    addresses = link(copied.id, actor.session, wide=True).model_dump()
    size = {"width": picture.width, "height": picture.height}
    return Released(**addresses, **size, copy_of=material, covered=len(boxes))


async def _copied(actor: Actor, material: UUID, picture: Picture, covered: int) -> Copied:
    added = await store.add_released(actor, material, picture)
    return Copied(id=added.id, area=added.area, copy_of=material, covered=covered)


release = act("file.release", "遮挡并公开图片")(_copied)


@look("file.read", "查看图片")
async def show(actor: Actor, material: UUID, query: Size, files: Files) -> Download:
    """A picture of one's own area."""
    return _jpeg(material, await store.read(actor.scope, files, material, query.size))


async def show_signed(material: UUID, signature: str, query: Size, files: Files) -> Download:
    """A picture by an address that we made for somebody who is still signed in."""
    given = read(material, signature)
    scope = EVERYWHERE
    if given.session is not None:
        actor = await whoever.of_session(given.session)
        if actor is None or not _may_see(actor, given):
            raise problems.file_link_over()
        scope = EVERYWHERE if given.wide else actor.scope
    return _jpeg(material, await store.read(scope, files, material, query.size))


def _may_see(actor: Actor, given: Pass) -> bool:
    """Who may not look at pictures of the place sees those that we have put before them."""
    return actor.may("file.read") or (given.wide and actor.may("file.add"))


async def sweep(_: Actor, files: Files) -> None:
    """The nightly job: forget pictures that nothing has used."""
    await store.sweep(files)


async def _prepared(upload: Upload) -> Picture:
    try:
        return await cpu(pictures.prepare, upload.body)
    except pictures.OtherKind:
        raise problems.file_kind(allowed="JPEG 或 PNG 图片") from None
    except pictures.TooManyPixels:
        raise problems.file_pixels(mega=pictures.MAX_PIXELS // 1_000_000) from None
    except pictures.Damaged:
        raise problems.file_broken() from None


def _jpeg(material: UUID, body: bytes) -> Download:
    name = f"{material}.jpg"
    return Download(name, "image/jpeg", body, inline=True, cache_seconds=_KEPT_SECONDS)
