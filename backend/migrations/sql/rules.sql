-- The day that a text names, or null: what the rule language calls day(). Texts that look like a
-- date but are none (2026-02-30) are null and not an error.
create function rule_day(t text) returns date language sql immutable parallel safe as $$
  select case
    when t ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])($|[T ])'
     and substr(t, 6, 5) not in ('02-30', '02-31', '04-31', '06-31', '09-31', '11-31')
     and (substr(t, 6, 5) <> '02-29' or substr(t, 1, 4)::int % 4 = 0
          and (substr(t, 1, 4)::int % 100 <> 0 or substr(t, 1, 4)::int % 400 = 0))
    then make_date(substr(t, 1, 4)::int, substr(t, 6, 2)::int, substr(t, 9, 2)::int)
  end
$$;

-- The n commonest of some values with their counts, as text: 甲(5)、乙(3)、丙(3).
create function commonest(items text[], n int) returns text language sql immutable parallel safe as $$
  select string_agg(item || '(' || times || ')', '、' order by times desc, item)
  from (select item, count(*) as times from unnest(items) as item
        where item is not null group by item order by count(*) desc, item limit n) as top
$$;

-- The working hours from the first day of the calendar to a moment; null where no calendar is known.
-- Spans are sorted: begins[i] to ends[i] is worked, after before[i] hours.
create function worked(moment timestamptz, begins timestamptz[], ends timestamptz[], before float8[],
                       first timestamptz, last timestamptz)
returns float8 language sql immutable parallel safe as $$
  select case
    when moment is null or moment < first or moment >= last then null
    when i = 0 then 0
    else before[i] + extract(epoch from least(moment, ends[i]) - begins[i]) / 3600
  end
  from (select width_bucket(moment, begins) as i) as span
$$;
