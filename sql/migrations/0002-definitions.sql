-- Why: replay must draw the hierarchy as it was, not as it is. So units are known by a stable number, and what is said
-- about them and where they belong is kept with the times from which and until which it held.

create table definition_version (
  definition_id integer generated always as identity primary key,
  system        text        not null,
  hash          text        not null,
  name          text        not null,
  first_seen    timestamptz not null default now(),
  unique (system, hash)
);

create table unit (
  unit_id integer generated always as identity primary key,
  system  text not null,
  code    text not null,
  unique (system, code)
);

create table unit_version (
  run_id       integer     not null references run,
  unit_id      integer     not null references unit,
  valid_from   timestamptz not null,
  valid_to     timestamptz not null default 'infinity',
  kind         text        not null,
  site_kind    text,
  name         text        not null,
  ods_code     text,
  population   integer,
  illustrative boolean     not null,
  primary key (run_id, unit_id, valid_from),
  check (valid_from <= valid_to)
);
-- One statement holds at a time: the open one is found, and a second refused, by this.
create unique index unit_version_open on unit_version (run_id, unit_id) where valid_to = 'infinity';

create table membership (
  run_id     integer     not null references run,
  unit_id    integer     not null references unit,
  parent_id  integer     not null references unit,
  valid_from timestamptz not null,
  valid_to   timestamptz not null default 'infinity',
  primary key (run_id, unit_id, valid_from),
  check (valid_from <= valid_to)
);
create unique index membership_open on membership (run_id, unit_id) where valid_to = 'infinity';
