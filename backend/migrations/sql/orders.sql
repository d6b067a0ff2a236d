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

-- Boards count what happened in a span.
create index order_clock_span on order_clock (kind, due_at) where not void;
create index work_order_called on work_order (called_at) where called_at is not null;
create index work_order_closed on work_order (closed_at) where closed_at is not null;
