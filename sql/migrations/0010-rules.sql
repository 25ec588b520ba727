-- Why: rules are published, replaced and taken back while the server runs. Which version was in force when, who put it
-- there and why has to be told years later; whoever publishes must know that nobody else has done so meanwhile; and a
-- draft has to outlive the browser in which it was begun.

-- What was in force in a run, and when. Versions rise by one; the same content can come again under a higher one.
create table rules_publication (
  run_id       integer     not null references run,
  version      integer     not null check (version >= 1),
  rules_id     integer     not null references rules_version,
  reason       text        not null,
  published_by text        not null,
  origin       text        not null check (origin in ('file', 'published', 'rolled-back')),
  -- The version that a rolling back goes back to; null for any other.
  restores_id  integer     references rules_version,
  -- As it came into force. `rules_version.body` explains levels; this one can be put into force again.
  body         jsonb       not null,
  valid_from   timestamptz not null,
  valid_to     timestamptz not null default 'infinity',
  recorded_at  timestamptz not null default now(),
  -- Null while it is in force.
  replaced_at  timestamptz,
  primary key (run_id, version)
);
create unique index rules_publication_in_force on rules_publication (run_id) where valid_to = 'infinity';

-- How many level changes name a version, counted as they are written: counting millions of rows on request would not do.
create table rules_use (
  run_id   integer not null references run,
  rules_id integer not null references rules_version,
  changes  bigint  not null,
  primary key (run_id, rules_id)
);
insert into rules_use (run_id, rules_id, changes)
select run_id, rules_id, count(*) from level_change group by run_id, rules_id;

create table rules_draft (
  system   text        not null,
  -- Chosen by whoever began it.
  code     text        not null,
  name     text        not null,
  -- As it was sent, valid or not: `json`, not `jsonb`, which does not keep every text.
  rules    json        not null,
  based_on text        not null,
  revision integer     not null check (revision >= 1),
  saved_by text        not null,
  saved_at timestamptz not null,
  stored_at timestamptz not null default now(),
  primary key (system, code)
);
