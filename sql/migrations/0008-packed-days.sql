-- Why: a quarter hour a row is right while readings still come in, and dear to keep for a year: most of it is arrays'
-- and rows' own overhead. Once a London day is over, its rows are moved into one row of bytes per metric and unit, and
-- rolled up on the way, in one transaction: a reading is in `history` or in `history_day`, never in both or in neither.
-- What is late lands in `history` again, which is how a reader knows that the day's roll-ups do not have it yet.

create table history_day (
  run_id    integer  not null,
  unit_id   integer  not null,
  metric_id smallint not null,
  -- The London day in which the values were observed.
  day       date     not null,
  catalogue smallint not null,
  -- Times, absences, values and receipts in columns (server/store/day-samples.ts).
  packed    bytea    not null,
  primary key (run_id, unit_id, metric_id, day, catalogue)
) partition by range (day);
-- The bytes are squeezed already.
alter table history_day alter column packed set storage external;

-- Cells (server/store/cells.ts) of those days: first, last, least, greatest, mean, count, what was recorded and, of
-- counters, how they rose. Only stretches in which something changed have a cell. Each width is kept for its own time.
create table rollup_five_minutes (
  run_id    integer  not null,
  unit_id   integer  not null,
  metric_id smallint not null,
  day       date     not null,
  catalogue smallint not null,
  cells     bytea    not null,
  primary key (run_id, unit_id, metric_id, day, catalogue)
) partition by range (day);
alter table rollup_five_minutes alter column cells set storage external;

create table rollup_hour (
  run_id    integer  not null,
  unit_id   integer  not null,
  metric_id smallint not null,
  -- Monday of the week.
  week      date     not null,
  catalogue smallint not null,
  cells     bytea    not null,
  primary key (run_id, unit_id, metric_id, week, catalogue)
) partition by range (week);
alter table rollup_hour alter column cells set storage external;

-- For ever: a year of Greater Manchester is a few hundred megabytes.
create table rollup_day (
  run_id    integer  not null,
  unit_id   integer  not null,
  metric_id smallint not null,
  -- First of the month.
  month     date     not null,
  catalogue smallint not null,
  cells     bytea    not null,
  primary key (run_id, unit_id, metric_id, month, catalogue)
) with (fillfactor = 80);
alter table rollup_day alter column cells set storage external;

-- How far the days of a run are packed: all before this one, but for what came late.
create table history_progress (
  run_id integer primary key references run,
  day    date    not null
);
