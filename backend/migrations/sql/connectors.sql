-- One pull of a feed at a time; the list of runs is read from the newest.
create unique index feed_run_one on feed_run (feed) where state = 'running';
create unique index feed_run_pushed on feed_run (feed, day) where state = 'pushed';
create index feed_run_latest on feed_run (feed, started_at desc);
create index feed_quarantine_scope on feed_quarantine (area text_pattern_ops, feed, at);
create index feed_quarantine_whole on feed_quarantine (feed, stream, id) where whole;
create index feed_memory_old on feed_memory (at);
create index feed_push_old on feed_push (at);
