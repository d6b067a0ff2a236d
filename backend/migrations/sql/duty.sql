-- Who is on duty is asked by place and moment; the rest by the emergency it belongs to.
create index duty_shift_scope on duty_shift (area text_pattern_ops, starts_at);
create index duty_line_of on duty_line (shift_id, at);
create index duty_line_scope on duty_line (area text_pattern_ops);
-- A street has one emergency at a time: the second of two switches at once finds the first one's.
create unique index emergency_now on emergency (area) where until is null;
create index emergency_scope on emergency (area text_pattern_ops, since);
create index emergency_step_of on emergency_step (emergency_id, at);
create index emergency_person_of on emergency_person (emergency_id, area text_pattern_ops);
create index emergency_person_of_person on emergency_person (person_id);
create index emergency_call_of on emergency_call (emergency_id);
create index emergency_called_of on emergency_called (call_id);
create index emergency_called_staff on emergency_called (staff_id) where confirmed_at is null;
create index emergency_loan_of on emergency_loan (emergency_id);

alter table duty_shift add check (shift in ('日班', '夜班', '24小时'));
alter table duty_shift add check (ends_at > starts_at);
alter table duty_shift add check (num_nulls(taker, signed_at, entry_id) in (0, 3));
alter table duty_line add check (reported_at is null or reported_at >= at);
alter table emergency add check (num_nulls(until, ended_by) in (0, 2));
alter table emergency_person add check (
  state in ('listed', 'reached', 'unreached', 'moving', 'moved', 'back'));
alter table emergency_called add check ((confirmed_at is null) = (how is null));
alter table emergency_loan add check (quantity > 0 and back >= 0 and back <= quantity);
