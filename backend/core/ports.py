"""Ports: what use cases, jobs and reactions ask for by type, and get handed in."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any


class Ports(dict[type, Any]):
    """The parts of this process by type: the forms in force, the WeCom client, the settings."""


def wired(run: Callable[..., Awaitable[Any]], ports: Ports) -> Callable[..., Awaitable[Any]]:
    """The function with every parameter whose type is a port already given."""
    inner = getattr(run, "run", run)
    parameters = inspect.signature(inner, eval_str=True).parameters.values()
    given = {p.name: ports[p.annotation] for p in parameters if p.annotation in ports}

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await run(*args, **given, **kwargs)

    return call
