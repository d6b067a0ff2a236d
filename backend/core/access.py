"""Who acts, and the one door in front of every use case.

`@act` writes: permission, one transaction, the audit row that is also the event, commit.
`@look` reads. Neither knows HTTP, so the worker and the command line go through the same door.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from backend.core import audit, problems
from backend.core.db import transaction
from backend.core.scope import EVERYWHERE, Scope

P = ParamSpec("P")
R = TypeVar("R")

VERBS: dict[str, str] = {}
"""Every verb, with the Chinese label that people see ("您的岗位没有“退回报表”的权限")."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or the system) at work: what they may do and how far they see."""

    id: UUID | None
    name: str
    verbs: frozenset[str]
    scope: Scope
    area: str
    duties: frozenset[str] = frozenset()
    session: UUID | None = None

    def may(self, verb: str) -> bool:
        return verb in self.verbs

    def require(self, verb: str) -> None:
        if verb not in self.verbs:
            raise problems.may_not(verb=verb, label=VERBS.get(verb, verb))

    @property
    def who(self) -> tuple[UUID | None, str, str]:
        return self.id, self.name, self.area


class _EveryVerb(frozenset[str]):
    """The system may do whatever has a verb; also those declared after it was made."""

    def __contains__(self, verb: object) -> bool:
        return True


SYSTEM = Actor(None, "系统", _EveryVerb(), EVERYWHERE, "310107000000")


@dataclass(frozen=True)
class UseCase(Generic[P, R]):
    """A function with a verb. Writing ones are all or nothing, and always leave a trace."""

    verb: str
    writes: bool
    run: Callable[Concatenate[Actor, P], Awaitable[R]]
    lazily: bool = False

    async def __call__(self, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        if not self.writes:
            actor.require(self.verb)
            return await self.run(actor, *args, **kwargs)
        async with transaction(lazily=self.lazily):
            return await self.within(actor, *args, **kwargs)

    async def within(self, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        """The act on a transaction that the caller has opened for it and will not outlive."""
        actor.require(self.verb)
        result = await self.run(actor, *args, **kwargs)
        await audit.record(actor.who, self.verb, _subject(result), _facts(result))
        return result


def act(
    verb: str, label: str, *, lazily: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], Awaitable[R]]], UseCase[P, R]]:
    """This use case writes. What it returns may name its `ref` and `facts` for the trace.

    A lazy one reads with `glance` and writes with `later` only, see core/db.py:transaction.
    """
    return lambda run: _named(UseCase(verb, True, run, lazily), label)


def look(
    verb: str, label: str
) -> Callable[[Callable[Concatenate[Actor, P], Awaitable[R]]], UseCase[P, R]]:
    """This use case reads."""
    return lambda run: _named(UseCase(verb, False, run), label)


def _named(case: UseCase[P, R], label: str) -> UseCase[P, R]:
    VERBS.setdefault(case.verb, label)
    return case


def _subject(result: Any) -> str:
    return str(getattr(result, "ref", ""))


def _facts(result: Any) -> dict[str, Any]:
    facts = getattr(result, "facts", None)
    return facts if isinstance(facts, dict) else {}
