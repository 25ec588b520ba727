-- Why: what is usual for a site on a Monday at half past eight is told from the last Mondays. What each day came to is kept
-- by quarter hour, so that a night learns one day and touches no other, a day with late data is learned again by
-- replacing it, and the normal of any past day can be told again.

create table normal_day (
  run_id    integer  not null references run,
  metric_id smallint not null references metric,
  -- Version of the metric catalogue: two meanings of one name never make one normal.
  catalogue smallint not null,
  -- London date.
  day       date     not null,
  -- What the day is an example of: 1-7 an ISO weekday, 0 a bank holiday, 8 the first working day after one.
  class     smallint not null check (class between 0 and 8),
  units     integer[] not null,
  -- 96 float4 (little-endian) a unit, in the order of `units`: a value a quarter hour of the wall clock, NaN where too
  -- little was known. All units of a metric in one row, because a normal and its peers are told metric by metric.
  quarters  bytea    not null,
  primary key (run_id, metric_id, catalogue, day),
  check (octet_length(quarters) = cardinality(units) * 384)
);

-- Days that were learned from, also those that had nothing to teach.
create table normal_learned (
  run_id     integer     not null references run,
  catalogue  smallint    not null,
  day        date        not null,
  -- Product time.
  learned_at timestamptz not null,
  primary key (run_id, catalogue, day)
);
