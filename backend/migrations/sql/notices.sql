-- What waits is found by its key; how much somebody got lately, by person.
create index notice_waiting on notice (key, send_after) where state in ('waiting', 'sending');
create index notice_lately on notice (staff_id, sent_at) where sent_at is not null;
create index notice_under_way on notice (staff_id) where state = 'sending';
create index notice_about on notice (card, about) where card is not null;

alter table notice add check (state in ('waiting', 'sending', 'sent', 'failed'));
alter table notice add check ((state = 'sent') = (sent_at is not null));
alter table notice add check (num_nulls(task, card, about, left_keys) in (0, 4));
