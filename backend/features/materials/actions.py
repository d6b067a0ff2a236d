"""What people do with pictures: send them, and look at them."""

from uuid import UUID

from backend.clients.files import Files
from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.cpu import cpu
from backend.core.files import Download, Upload
from backend.core.scope import EVERYWHERE
from backend.engine import pictures
from backend.engine.pictures import Picture
from backend.features.accounts import whoever
from backend.features.materials import store
from backend.features.materials.links import link, read
from backend.features.materials.shapes import Added, Size, Uploaded

_KEPT_SECONDS = 600


@look("file.add", "上传图片")
async def upload(actor: Actor, upload: Upload, files: Files) -> Uploaded:
    """Take a JPEG or PNG: turned upright, without EXIF, in two sizes."""
    picture = await _prepared(upload)
    # no transaction is held while the file store is written to
    added = await add(actor, upload.body, picture)
    await store.keep(files, added, picture)
    addresses = link(added.id, actor.session).model_dump()
    return Uploaded(**addresses, width=picture.width, height=picture.height)


@act("file.add", "上传图片")
async def add(actor: Actor, sent: bytes, picture: Picture) -> Added:
    """The row of a picture, and its trace."""
    return await store.add(actor, sent, picture)


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
        if actor is None or not actor.may("file.read"):
            raise problems.file_link_over()
        scope = EVERYWHERE if given.wide else actor.scope
    return _jpeg(material, await store.read(scope, files, material, query.size))


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
