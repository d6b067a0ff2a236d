-- Entries are counted by area and day, and never edited.
create index ledger_entry_scope on ledger_entry (ledger, area text_pattern_ops, day) where live;
create index ledger_entry_person on ledger_entry (person_id, ledger, day) where person_id is not null;
create index ledger_entry_house on ledger_entry (house_id, ledger, day) where house_id is not null;
create index ledger_entry_wrote on ledger_entry (wrote) where wrote like 'order:%';
create index ledger_entry_case on ledger_entry ((data->>'case_no')) where data ? 'case_no';
create index ledger_entry_corrects on ledger_entry (corrects) where corrects is not null;

create function ledger_entry_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'ledger entries are never deleted';
  end if;
  if to_jsonb(new) - 'live' is distinct from to_jsonb(old) - 'live' or (new.live and not old.live) then
    raise exception 'ledger entries are corrected by a counter-entry, never edited';
  end if;
  return new;
end $$;

create trigger ledger_entry_guard before update or delete on ledger_entry
  for each row execute function ledger_entry_guard();
