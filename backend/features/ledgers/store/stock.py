"""What stores hold, as the ledger of supplies (L20) adds up to: in less out of the same thing."""

from backend.core.db import Record, select, sql
from backend.core.scope import Scope


async def hold(ledger: str, area: str) -> None:
    """Whoever wants to take something out of a store of an area comes one after the other."""
    await sql("select pg_advisory_xact_lock(hashtext(:what))", what=f"{ledger}:{area}")


async def stock(scope: Scope, ledger: str, area: str | None = None) -> list[Record]:
    """Per place, kind, model and unit: how many there are, and what the last entry says of them."""
    return await select(
        scope,
        """select s.area, s.what, s.spec, s.unit, s.store_place, s.quantity,
             last.data->>'qty_min' as least, last.data->>'expire' as expire,
             last.data->'keeper'->>'label' as keeper
           from (
             select e.area, e.data->>'mat_name' as what, e.data->>'spec' as spec,
               e.data->>'unit_m' as unit, e.data->>'store_place' as store_place,
               sum(coalesce((e.data->>'in_qty')::float8, 0)
                   - coalesce((e.data->>'out_qty')::float8, 0)) as quantity,
               (array_agg(e.id order by e.day desc, e.id desc))[1] as last_id
             from ledger_entry e
             where e.area like :scope and e.ledger = :ledger and e.live
               and (:area::text is null or e.area = :area::text)
             group by 1, 2, 3, 4, 5) s
           join ledger_entry last on last.id = s.last_id
           order by s.area, s.store_place, s.what, s.spec""",
        ledger=ledger,
        area=area,
    )
