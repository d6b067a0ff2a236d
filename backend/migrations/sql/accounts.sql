-- The roster is listed by place; a session's staff is looked up on nearly every request (by key).
create index staff_scope on staff (area text_pattern_ops);
create index session_alive on session (holder_id) where revoked_at is null;

alter table staff add check (status in ('active', 'disabled', 'left'));
alter table staff add check (userid_key = lower(userid));
alter table session add check (way in ('mini', 'h5', 'desk'));
alter table session add check ((revoked_at is null) = (reason is null));

-- Officers and invitations are listed by street; an officer's phone is asked for when they are told.
create index officer_scope on officer (area text_pattern_ops, state);
create index officer_invitation_scope on officer_invitation (area text_pattern_ops, created_at);
create index wechat_holder_of on wechat_holder (officer_id);

alter table officer add check (state in ('active', 'revoked'));
alter table officer add check (term_from <= term_until);
alter table officer_invitation add check (uses between 1 and 200 and used between 0 and uses);
