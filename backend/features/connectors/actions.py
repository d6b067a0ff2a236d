"""What people do with feeds: see how they are, set one going, look at what was refused."""

from backend.core.access import Actor, act, look
from backend.features.connectors import ending, store
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.shapes import FeedLine, NewPull, Quarantined, Run


@look("feed.read", "查看数据接入")
async def listing(actor: Actor, feeds: Feeds) -> list[FeedLine]:
    """Every feed with its last run."""
    lines = []
    for feed in feeds.by_key.values():
        last = next(iter(await store.runs(feed.key, 1)), None)
        running = last is not None and last.state == "running"
        lines.append(FeedLine(key=feed.key, title=feed.title, running=running, last=last))
    return lines


_ON = NewPull()


@act("feed.pull", "接入数据")
async def pull(actor: Actor, feeds: Feeds, key: str, body: NewPull = _ON) -> Run:
    """Pull a feed now. One that is under way is answered with, and not started anew."""
    feed = feeds.feed(key)
    last = await store.runs(feed.key, 1)
    if body.anew and not (last and last[0].state == "running"):
        await store.forget(feed.key)
    run = await store.begin(feed.key)
    await ending.start(feed.key)
    return run


@look("feed.read", "查看数据接入")
async def runs(actor: Actor, feeds: Feeds, key: str) -> list[Run]:
    """The runs of a feed, the newest first."""
    return await store.runs(feeds.feed(key).key)


@look("feed.read", "查看数据接入")
async def quarantine(actor: Actor, feeds: Feeds, key: str) -> list[Quarantined]:
    """Rows of the actor's place that were not taken over, masked, with the reason."""
    return await store.refusals(actor.scope, feeds.feed(key).key)
