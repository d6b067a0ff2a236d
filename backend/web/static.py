"""The built screens: the phone at /m/, the desk at /console/, "/" leads to whichever fits."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from backend.core import problems

# What a build names by its content never changes; everything else is asked for again each time.
_HASHED = "assets"
_KEPT, _ASKED_AGAIN = "public, max-age=31536000, immutable", "no-cache"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


def screens(phone: Path, desk: Path) -> list[web.RouteDef]:
    """The routes of both builds; a folder may be missing until the screens have been built."""
    return [
        web.get("/", _front_door),
        *_screen("/m", phone.resolve()),
        *_screen("/console", desk.resolve()),
    ]


def _screen(at: str, folder: Path) -> list[web.RouteDef]:
    async def page(request: web.Request) -> web.StreamResponse:
        return _file(folder, request.match_info["name"])

    async def home(request: web.Request) -> web.StreamResponse:
        return _away(request, f"{at}/")

    return [web.get(at, home), web.get(f"{at}/{{name:.*}}", page)]


async def _front_door(request: web.Request) -> web.StreamResponse:
    """A phone says `Mobile` about itself, in WeCom too; whatever does not gets the console."""
    phone = "Mobile" in request.headers.get("User-Agent", "")
    return _away(request, "/m/" if phone else "/console/")


def _away(request: web.Request, path: str) -> web.Response:
    """A redirect that keeps the query: a sign-in that failed says why in it."""
    query = request.rel_url.raw_query_string
    headers: Mapping[str, str] = {
        "Location": f"{path}?{query}" if query else path,
        "Cache-Control": "no-store",
    }
    return web.Response(status=302, headers=headers)


def _file(folder: Path, name: str) -> web.StreamResponse:
    path = _inside(folder, name or "index.html")
    if path is None:
        if not (folder / "index.html").is_file():
            raise problems.screens_missing()
        raise problems.no_such_page()
    headers = {"Cache-Control": _KEPT if name.startswith(f"{_HASHED}/") else _ASKED_AGAIN}
    if kind := _KINDS.get(path.suffix):
        headers["Content-Type"] = kind
    return web.FileResponse(path, headers=headers)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name, if it is one and does not lead out of the folder."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):  # a name no file system would take
        return None
