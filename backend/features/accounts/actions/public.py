"""Small public things: the files by which WeCom proves that a domain is ours, and the short address
that stands in an invitation's QR code."""

from urllib.parse import quote

from aiohttp import web

from backend.clients.wecom import Wecom
from backend.core import problems


async def domain_proof(proof: str, wecom: Wecom) -> web.Response:
    """WW_verify_….txt at the web root, as the admin console asks for it (可信域名)."""
    name = f"WW_verify_{proof}.txt"
    for corp in wecom.corps:
        if name in corp.domain_proofs:
            return web.Response(text=corp.domain_proofs[name])
    raise problems.no_such_page()


async def open_invitation(invite: str) -> web.Response:
    """Where a camera leads: the page that accepts. A mini program that has claimed this address
    (扫普通链接二维码打开小程序) is opened instead, with the whole address at hand."""
    page = f"/m/#/pages/officer/accept/index?invite={quote(invite, safe='')}"
    return web.Response(status=302, headers={"Location": page, "Cache-Control": "no-store"})
