-- A code has one name at a time; the scope is a prefix test.
create index area_scope on area (area text_pattern_ops);
create unique index area_standing on area (area) where valid_to is null;
create index area_heritage_new on area_heritage (new);
create index area_change_scope on area_change (area text_pattern_ops);

-- A street is in one mode at a time; the second of two switches at once finds the first one's.
create unique index area_mode_now on area_mode (area) where until is null;
create index area_mode_scope on area_mode (area text_pattern_ops, since);
alter table area_mode add check (name in ('预警', '应急'));
alter table area_mode add check (until is null or until >= since);
