"""A lazy act reads with `glance` and writes with `later` or `place`, all the way down.

Its transaction begins with any other statement, too late to hold what was read before; and a query
of tortoise would not be in it at all. So every function that it can reach is looked through.
"""

import ast
import inspect
import textwrap

import pytest
from tortoise.models import Model

from backend.app import ENDPOINTS
from backend.core import db
from backend.core.access import UseCase

LAZY = {
    endpoint.name: endpoint.call
    for endpoint in ENDPOINTS
    if isinstance(endpoint.call, UseCase) and endpoint.call.lazily
}
ALLOWED = {db.glance, db.later, db.place}


def reached(run):
    """The functions and tables that a function may come to: everything of ours that it names."""
    seen, waiting = set(), [inspect.unwrap(run)]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one.__module__ == db.__name__ or inspect.isclass(one):
            continue  # its own statements are what this is about
        waiting += named_in(one)
    return seen


def named_in(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        thing = meant(node, function.__globals__)
        if isinstance(thing, UseCase):
            thing = thing.run
        ours = str(getattr(thing, "__module__", "")).startswith(("backend.", __name__))
        table = inspect.isclass(thing) and issubclass(thing, Model)
        if ours and (inspect.isfunction(thing) or table):
            yield thing


def meant(node, known):
    """What a name or a dotted name of the source stands for, where that can be told."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = meant(node.value, known)
        return getattr(owner, node.attr, None) if owner is not None else None
    return None


def forbidden(run):
    found = reached(run)
    asked = {one for one in found if one.__module__ == db.__name__ and one not in ALLOWED}
    tables = {one for one in found if inspect.isclass(one)}
    return {one.__name__ for one in asked | tables}


def test_some_act_is_lazy():
    assert set(LAZY) == {"returns.filling.submit"}, "few they should be: see decision 0008"


@pytest.mark.parametrize("name", LAZY)
def test_it_only_glances_and_says_later(name):
    assert forbidden(LAZY[name].run) == set()


async def deep():
    await db.select(None, "select 1")


async def looks_again(actor):
    await db.glance(actor.scope, "select 1 where :scope = ''")
    await deep()


async def only_later(actor):
    await db.later("select 1")


def test_the_test_itself():
    """It sees through helpers, modules and decorators."""
    assert forbidden(looks_again) == {"select"}
    assert forbidden(only_later) == set()
    assert forbidden(outer) == {"select"}


async def outer(actor):
    await INNER(actor)


INNER = UseCase("test.lazy", True, looks_again, lazily=True)
