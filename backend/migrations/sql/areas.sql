-- A code has one name at a time; the scope is a prefix test.
create index area_scope on area (area text_pattern_ops);
create unique index area_standing on area (area) where valid_to is null;
create index area_heritage_new on area_heritage (new);
create index area_change_scope on area_change (area text_pattern_ops);
