"""Missions: drafted and published by a street, taken by its officers."""

from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, place, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.features.feedback.missions import NewMission
from backend.features.feedback.tables import MissionRow

_MISSION = """m.id, m.rev, m.area, m.title, m.words, m.starts_on, m.ends_on, m.places,
  m.questions, m.state, m.by_name as by, m.published_at"""
_COUNTS = """(select count(*) from mission_taken t where t.mission_id = m.id) as taken,
  (select count(*) from finding f where f.mission_id = m.id) as findings"""


async def add(actor: Actor, new: NewMission) -> UUID:
    given = new.model_dump(mode="json", include={"places", "questions"})
    row = await place(
        actor.scope,
        MissionRow,
        area=actor.area,
        id=new_id(),
        title=new.title,
        words=new.words,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        **given,
        state="draft",
        by=actor.name,
        updated_at=clock.now(),
    )
    return row.id


async def locked(scope: Scope, mission: UUID, rev: int) -> Record:
    """A mission, held; a problem when somebody changed it meanwhile."""
    found = await select(
        scope,
        f"select {_MISSION} from mission m where m.area like :scope and m.id = :id for update",
        id=mission,
    )
    if not found:
        raise problems.not_found(kind="任务")
    if found[0]["rev"] != rev:
        raise problems.overtaken(rev=found[0]["rev"])
    return found[0]


async def change(mission: UUID, new: NewMission) -> None:
    given = new.model_dump(mode="json", include={"places", "questions"})
    await sql(
        """update mission set title = :title, words = :words, starts_on = :first, ends_on = :last,
             places = :places::jsonb, questions = :questions::jsonb, rev = rev + 1,
             updated_at = :now
           where id = :id""",
        id=mission,
        title=new.title,
        words=new.words,
        first=new.starts_on,
        last=new.ends_on,
        **given,
        now=clock.now(),
    )


async def move(mission: UUID, state: str) -> None:
    """Published, or ended."""
    await sql(
        """update mission set state = :state, rev = rev + 1, updated_at = :now,
             published_at = coalesce(published_at, :published)
           where id = :id""",
        id=mission,
        state=state,
        now=clock.now(),
        published=clock.now() if state == "open" else None,
    )


async def listing(scope: Scope, mission: UUID | None = None) -> list[Record]:
    """The missions of a scope, or one of them, the latest first."""
    return await select(
        scope,
        f"""select {_MISSION}, {_COUNTS} from mission m
            where m.area like :scope and (:mission::uuid is null or m.id = :mission)
            order by m.state = 'ended', m.starts_on desc, m.id desc limit 200""",
        mission=mission,
    )


async def open_to(actor: Actor, mission: UUID | None = None) -> list[Record]:
    """What is published in an officer's street: what runs, what they took, the latest first."""
    return await select(
        actor.scope,
        f"""select {_MISSION}, m.state = 'open' and m.starts_on <= :today
              and m.ends_on >= :today as running,
              exists (select 1 from mission_taken t
                      where t.mission_id = m.id and t.officer_id = :me) as mine,
              (select count(*) from finding f
               where f.mission_id = m.id and f.officer_id = :me) as findings
            from mission m
            where m.area like :scope and m.state <> 'draft'
              and (:mission::uuid is null or m.id = :mission)
              and (m.state = 'open' and m.ends_on >= :today or exists (
                select 1 from mission_taken t where t.mission_id = m.id and t.officer_id = :me))
            order by running desc, m.ends_on desc, m.id desc limit 100""",
        me=actor.id,
        mission=mission,
        today=clock.today(),
    )


async def take(mission: UUID, officer: UUID) -> None:
    """Taken twice it is taken."""
    await sql(
        """insert into mission_taken (id, mission_id, officer_id, at)
           values (:id, :mission, :officer, :now)
           on conflict (mission_id, officer_id) do nothing""",
        id=new_id(),
        mission=mission,
        officer=officer,
        now=clock.now(),
    )


async def title(mission: UUID) -> str | None:
    found = await sql("select title from mission where id = :id", id=mission)
    return found[0]["title"] if found else None
