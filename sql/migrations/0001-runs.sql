-- Why: every stored row belongs to a run, so that what a demonstration made up can never enter the normals of a real
-- system; and the follower needs a place for its position that is written together with the rows it stands for.

create table run (
  run_id    integer generated always as identity primary key,
  code      text        not null,
  system    text        not null,
  simulated boolean     not null,
  seed      bigint      not null,
  scenario  text,
  -- Product time at which it began; minus infinity for the one run of real operation.
  began     timestamptz not null,
  unique (system, code)
);

-- One row a run: how far the journal has been taken in. A position of another journal means nothing.
create table journal_position (
  run_id    integer     primary key references run,
  journal   uuid        not null,
  seq       bigint      not null,
  at        timestamptz not null,
  stored_at timestamptz not null default now()
);

-- Stretches of product time in which the server was recording. A value stands until it changes, but only within one of
-- these: between them nobody was looking, and history says so instead of drawing a line across.
create table recording (
  run_id  integer     not null references run,
  from_at timestamptz not null,
  to_at   timestamptz not null,
  primary key (run_id, from_at),
  check (from_at <= to_at)
);
