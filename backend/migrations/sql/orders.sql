-- Orders are listed by place and by unit, the live ones by what runs out first.
create index work_order_scope on work_order (area text_pattern_ops, stage);
create index work_order_unit on work_order (unit_id, due_at)
  where stage not in ('closed', 'refused', 'merged');
create index work_order_live on work_order (area text_pattern_ops, due_at)
  where stage not in ('closed', 'refused', 'merged');
-- Of a whole district the most urgent are read in their order, without sorting the rest.
create index work_order_first on work_order (coalesce(due_at, 'infinity'), id)
  where stage not in ('closed', 'refused', 'merged');
create index work_order_card on work_order (stage, coalesce(due_at, 'infinity'), id)
  where stage not in ('closed', 'refused', 'merged');
create index work_order_received on work_order (received_at, area);
create index work_order_caller on work_order (phone_bi, received_at) where phone_bi is not null;
create index work_order_near on work_order (category, received_at) where lat is not null;
create index work_order_building on work_order (building_id, received_at)
  where building_id is not null;
create index work_order_duplicate on work_order (duplicate_of) where duplicate_of is not null;
create index work_order_parent on work_order (parent_id) where parent_id is not null;
create index work_order_officer on work_order (officer_id) where officer_id is not null;
create unique index work_order_no on work_order (no);
create index order_step_of on order_step (order_id, at);
create index order_clock_of on order_clock (order_id);
create index order_part_unit on order_part (unit_id) where state <> 'done';
create index order_unit_scope on order_unit (area text_pattern_ops);
create index order_lesson_scope on order_lesson (area text_pattern_ops, at);

-- What is due is found by an index, also when a hundred thousand clocks run; one of each kind runs.
create index order_clock_due on order_clock (next_alarm_at) where next_alarm_at is not null;
create index order_clock_rule on order_clock (rule) where met_at is null and not void;
create index order_clock_round on order_clock (order_id)
  where round_clock and met_at is null and not void;
create unique index order_clock_one on order_clock (order_id, kind) where met_at is null and not void;

-- What happened to an order is never changed.
create function order_step_guard() returns trigger language plpgsql as $$
begin
  raise exception 'the steps of an order are never changed';
end $$;

create trigger order_step_guard before update or delete on order_step
  for each row execute function order_step_guard();

-- What is still being dealt with has no entry yet (one is written when it ends), but reports count
-- it: orders that somebody has to handle, as ledgers L16 and L17 would have them. The category is
-- its code; who reads knows its path. Moments are Shanghai's, as in entries.
create function shanghai(moment timestamptz) returns text language sql immutable parallel safe as $$
  select to_char(moment at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')
$$;

create view ledger_running as
select o.id, o.area, o.received_at as at, o.grid, o.house_id, case when h.hotline then 'L16' else 'L17' end as ledger,
  jsonb_strip_nulls(jsonb_build_object(
    'case_no', o.no, 'case_source', o.source, 'appeal_type', o.appeal_type,
    'category', o.category, 'title', o.title, 'place', o.place, 'urge', o.urge,
    'receive_time', shanghai(coalesce(o.dispatched_at, o.received_at)),
    'sign_time', shanghai(o.signed_at),
    'first_deadline', shanghai(d.contact),
    'first_time', shanghai(o.contacted_at),
    'found_time', shanghai(o.received_at),
    'deadline', shanghai(d.handle),
    'finish_time', shanghai(o.finished_at),
    'extend', o.extend, 'back', o.back, 'redo_cnt', o.redo,
    'handle', case
      when u.id is null then '上报街道'
      when u.kind = 'committee' then case when o.handle = '协调处置' then '上报街道' else '自行处置' end
      when u.kind = 'property' then '派遣物业'
      else '派遣职能部门' end)) as data
from work_order o
left join order_unit u on u.id = o.unit_id
cross join lateral (select o.source in ('01', '06', '08') as hotline) h
cross join lateral (
  select max(c.due_at) filter (where c.kind = 'contact') as contact,
    max(c.due_at) filter (where c.kind in ('handle', 'rehandle')) as handle
  from order_clock c where c.order_id = o.id and not c.void) d
where o.stage in ('dispatched', 'handling', 'answered', 'verifying')
  or (o.stage = 'filed' and not h.hotline);

-- Boards count what happened in a span.
create index order_clock_span on order_clock (kind, due_at) where not void;
create index work_order_called on work_order (called_at) where called_at is not null;
create index work_order_closed on work_order (closed_at) where closed_at is not null;
