-- Findings are listed by place and state, by their officer, and looked for near a point.
create index finding_scope on finding (area text_pattern_ops, kind, state);
create index finding_officer on finding (officer_id, sent_at) where officer_id is not null;
create index finding_staff on finding (staff_id, sent_at) where staff_id is not null;
create index finding_order on finding (order_id) where order_id is not null;
create index finding_public on finding (lat, lng) where public;
create index finding_step_of on finding_step (finding_id, id);
create index finding_follow_case on finding_follow (case_id);
create index mission_scope on mission (area text_pattern_ops, state);

alter table finding add check (kind in ('finding', 'complaint'));
alter table finding add check ((officer_id is null) <> (staff_id is null));
alter table finding add check (kind = 'complaint' or officer_id is not null);
alter table finding add check (state in ('sent', 'registered', 'working', 'declined', 'answered',
  'appealed', 'settled'));
alter table finding add check (decision is null or decision in ('adopted', 'partly', 'declined'));
alter table finding add check (decision is null or decision = 'adopted' or reason is not null);
alter table finding add check ((judged_at is null) = (solved is null));
alter table finding add check (summary is not null or not public);
alter table mission add check (state in ('draft', 'open', 'ended') and starts_on <= ends_on);
alter table finding_list add check (state in ('published', 'withdrawn'));

-- What happened to a finding is never changed.
create function finding_step_guard() returns trigger language plpgsql as $$
begin
  raise exception 'the steps of a finding are never changed';
end $$;

create trigger finding_step_guard before update or delete on finding_step
  for each row execute function finding_step_guard();
