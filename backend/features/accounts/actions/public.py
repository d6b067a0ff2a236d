"""Small public things: the files by which WeCom proves that a domain is ours."""

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
