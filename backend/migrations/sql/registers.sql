-- The registers: a place is a prefix test, and people are found by name, spelling, number and tail.
create index building_scope on building (area text_pattern_ops);
create index building_spot on building (lat, lng) where lat is not null;
create index house_scope on house (area text_pattern_ops);
create index house_of on house (building_id);
create index household_scope on household (area text_pattern_ops);
create index household_of on household (house_id);
create index person_scope on person (area text_pattern_ops, id);
create index person_house on person (house_id);
create index person_household on person (household_id);
create index person_name on person (name text_pattern_ops);
create index person_spelling on person (name_pi text_pattern_ops);
create index person_number on person (id_bi) where id_bi is not null;
create index person_number_tail on person (id_tail_bi) where id_tail_bi is not null;
create index person_phone on person (phone_bi) where phone_bi is not null;
create index person_phone_tail on person (phone_tail_bi) where phone_tail_bi is not null;
create index register_conflict_scope on register_conflict (area text_pattern_ops);
create index register_conflict_other on register_conflict (other_id);

-- History is appended to and never rewritten.
create index value_change_of on value_change (subject, element, at);

create function value_change_guard() returns trigger language plpgsql as $$
begin
  raise exception 'the history of values is never changed';
end $$;

create trigger value_change_guard before update or delete on value_change
  for each row execute function value_change_guard();
