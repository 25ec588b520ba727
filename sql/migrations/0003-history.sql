-- Why: a row a reading would be 12 billion rows a year for Greater Manchester. History is change-only, and packed: one
-- row holds a quarter hour of one metric of one unit, as arrays. The newest value of each lies beside it, because asking
-- the history for "the latest of everything" is ten times slower.

create table metric (
  metric_id smallint generated always as identity primary key,
  name      text not null unique
);

-- A week a partition, Monday to Monday in UTC: some five million rows for four hundred practices, dropped in an instant
-- when they are too old, and few enough (about sixty for a year and a bit) to plan over.
create table history (
  run_id    integer     not null,
  unit_id   integer     not null,
  metric_id smallint    not null,
  -- Start of the quarter hour in which the values were observed.
  quarter   timestamptz not null,
  -- Version of the metric catalogue: two meanings of one name never join in one series.
  catalogue smallint    not null,
  -- Milliseconds after `quarter`: when each value was observed, and when it was received (may lie beyond the quarter).
  -- In the order of arrival, so a late reading stands behind the newer ones.
  offsets   integer[]   not null,
  received  integer[]   not null,
  -- Null: absent from here on.
  vals      float8[]    not null,
  -- Why, by number in `absence` (0: present); null when none of the quarter's values is absent.
  absences  smallint[],
  primary key (run_id, unit_id, metric_id, quarter, catalogue),
  check (cardinality(offsets) = cardinality(vals) and cardinality(offsets) = cardinality(received))
) partition by range (quarter);

-- Numbers for `absences`: arrays of words would be most of the history.
create table absence (
  absence_id smallint primary key,
  name       text not null unique
);
insert into absence (absence_id, name) values
  (1, 'not-onboarded'), (2, 'unreachable'), (3, 'throttled'), (4, 'rejected'), (5, 'closed'), (6, 'not-reported');

create table latest (
  run_id      integer     not null,
  unit_id     integer     not null,
  metric_id   smallint    not null,
  catalogue   smallint    not null,
  value       float8,
  absence_id  smallint,
  detail      text,
  feed        text,
  observed_at timestamptz not null,
  received_at timestamptz not null,
  primary key (run_id, unit_id, metric_id),
  check (value is null or absence_id is null)
) with (fillfactor = 60);
