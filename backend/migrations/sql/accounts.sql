-- The roster is listed by place; a session's staff is looked up on nearly every request (by key).
create index staff_scope on staff (area text_pattern_ops);
create index session_alive on session (staff_id) where revoked_at is null;

alter table staff add check (status in ('active', 'disabled', 'left'));
alter table staff add check (userid_key = lower(userid));
alter table session add check (way in ('mini', 'h5', 'desk'));
alter table session add check ((revoked_at is null) = (reason is null));
