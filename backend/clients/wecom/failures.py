"""WeCom's error codes as problems of ours, and scrubbing: neither secrets nor tokens may get into a
message, a log line or a traceback."""

import re
from collections.abc import Callable

import structlog
from wechatpy.exceptions import WeChatClientException

from backend.core import problems
from backend.core.problems import Problem

log = structlog.get_logger(__name__)

DEAD_TOKEN = frozenset({40014, 42001})
BUSY = frozenset({-1, 45033})

_SECRETS = re.compile(
    r"((?:corpsecret|access_token|js_code|code|user_ticket|response_code)=)[^&\s'\"]+"
)


class Garbled(Exception):
    """The answer was not the API's: a gateway's HTML page, an empty body."""


def scrubbed(text: object) -> str:
    """A text without the values of secret parameters."""
    return _SECRETS.sub(r"\1***", str(text))[:300]


def _coded(make: Callable[..., Problem]) -> Callable[[int], Problem]:
    return lambda errcode: make(errcode=errcode)


# a secret, an address or a right that an administrator has to mend
_ADMIN = (40001, 40013, 40056, 40091, 41002, 41004, 43012, 48001, 48002, 48005, 48006, 50001)
_MEMBER = (40003, 46004, 50002, 60011, 60021, 60111)

_CODES: dict[int, Callable[[int], Problem]] = {
    **dict.fromkeys(BUSY, _coded(problems.wecom_busy)),
    45009: _coded(problems.wecom_limited),
    **dict.fromkeys((40029, 41008, 42022, 42013), _coded(problems.wecom_code_invalid)),
    **dict.fromkeys(_ADMIN, _coded(problems.wecom_misconfigured)),
    **dict.fromkeys((50003, 60020, 301002, 92002, 92003), _coded(problems.wecom_misconfigured)),
    **dict.fromkeys(DEAD_TOKEN, _coded(problems.wecom_misconfigured)),
    **dict.fromkeys(_MEMBER, _coded(problems.wecom_member_unknown)),
    **dict.fromkeys((81013, 82001), _coded(problems.wecom_nobody_reached)),
}


def problem_of(refused: WeChatClientException, *, corp_id: str, call: str) -> Problem:
    """The problem for an errcode; logged with WeCom's hint, which is what its support asks for."""
    errcode = refused.errcode
    log.warning(
        "wecom refused", corp=corp_id, call=call, errcode=errcode, hint=scrubbed(refused.errmsg)
    )
    if errcode is None:
        return problems.wecom_unreachable()
    return _CODES.get(errcode, _coded(problems.wecom_refused))(errcode)


def unreachable(error: Exception, *, corp_id: str, call: str) -> Problem:
    """The problem for a connection that failed; its own text holds secrets and is left out."""
    log.warning("wecom unreachable", corp=corp_id, call=call, error=type(error).__name__)
    return problems.wecom_unreachable()
