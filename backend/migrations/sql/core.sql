-- What tortoise cannot say about the kernel's tables: partial indexes and the audit's guard.

create index audit_waiting on audit (id) where pending;
create index audit_unsealed on audit (id) where seal_no is null;
create index audit_verb on audit (verb, id);
create index audit_subject on audit (subject);

create index job_ready on job (run_at) where state = 'queued';
create index job_leased on job (lease_until) where state = 'running';
create unique index job_key on job (name, key)
  where key is not null and (state in ('queued', 'running') or key like 'once:%');

-- The trace cannot be rewritten: only the queue's and the sealer's columns may change, and the
-- seal only once.
create function audit_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'audit rows are never deleted';
  end if;
  if (new.id, new.at, new.actor_id, new.actor, new.area, new.verb, new.subject, new.facts,
      new.request, new.mac) is distinct from
     (old.id, old.at, old.actor_id, old.actor, old.area, old.verb, old.subject, old.facts,
      old.request, old.mac) then
    raise exception 'audit rows are never changed';
  end if;
  if old.seal_no is not null and (new.seal_no, new.chain) is distinct from (old.seal_no, old.chain) then
    raise exception 'an audit seal is set once';
  end if;
  return new;
end $$;

create trigger audit_guard before update or delete on audit
  for each row execute function audit_guard();

create function audit_whole() returns trigger language plpgsql as $$
begin
  raise exception 'audit rows are never deleted';
end $$;

create trigger audit_whole before truncate on audit
  for each statement execute function audit_whole();

-- A lazy act (core/db.py) locks nothing: it notices here that a row is no longer as it was read.
create function expected(have int, want int) returns int language plpgsql as $$
begin
  if have <> want then
    raise exception 'overtaken' using errcode = 'serialization_failure';
  end if;
  return have;
end $$;
