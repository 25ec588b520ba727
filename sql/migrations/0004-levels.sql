-- Why: a level is only worth what its rules were. Each change names the version of the rules it was judged by, and the
-- rules themselves are kept whole, so that a level of last winter can be explained after the thresholds have moved.

create table rules_version (
  rules_id   integer generated always as identity primary key,
  system     text        not null,
  version    integer     not null,
  hash       text        not null,
  reason     text        not null,
  -- Null where only the name of a version came by, with its body long gone.
  body       jsonb,
  first_seen timestamptz not null default now(),
  unique (system, version, hash)
);

create table level_change (
  run_id     integer     not null references run,
  at         timestamptz not null,
  unit_id    integer     not null references unit,
  seq        bigint      not null,
  from_level smallint check (from_level between 1 and 4),
  to_level   smallint check (to_level between 1 and 4),
  score      float8,
  text       text        not null,
  rules_id   integer     not null references rules_version,
  -- A unit changes at most once a tick: taking the journal in twice changes nothing.
  primary key (run_id, at, unit_id)
);
create index level_change_unit on level_change (run_id, unit_id, at);

-- What each feed came to, whenever that changed.
create table feed_state_change (
  run_id integer     not null references run,
  feed   text        not null,
  at     timestamptz not null,
  state  text        not null,
  fault  text        not null,
  primary key (run_id, feed, at)
);
