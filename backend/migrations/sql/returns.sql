-- Lists of a place, and one return's history; versions are never changed.
create index task_scope on task (area text_pattern_ops, state, due_on);
create index form_return_scope on form_return (area text_pattern_ops, state);
create index form_return_task on form_return (task_id);
create index form_return_period on form_return (form, period, area);
create index return_version_of on return_version (return_id, n);
create index return_step_of on return_step (return_id, at);
create index return_remark_of on return_remark (return_id, n);

create function return_version_guard() returns trigger language plpgsql as $$
begin
  raise exception 'submitted versions are never changed';
end $$;

create trigger return_version_guard before update or delete on return_version
  for each row execute function return_version_guard();
