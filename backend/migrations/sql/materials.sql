-- Pictures are found by scope and id, a repeated upload by its hash, forgotten ones by age.
create index material_scope on material (area text_pattern_ops);
create index material_sha on material (area, sha) where used_by is null;
create index material_loose on material (at) where used_by is null;
