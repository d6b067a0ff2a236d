"""Signing this device out: the session ends, and the browser forgets its cookie."""

from aiohttp import web

from backend.core import problems
from backend.core.access import Actor, look
from backend.features.accounts.actions import session, sign_on
from backend.settings import Settings


@look("account.self", "查看本人信息")
async def sign_out(actor: Actor, settings: Settings) -> web.Response:
    """Sign this device out."""
    if actor.session is None:
        raise problems.session_over()
    await session.end(actor, actor.session, "signed_out")
    response = web.Response(status=204)
    sign_on.forget_cookie(response, settings)
    return response
