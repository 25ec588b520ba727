-- Why: any moment can be looked at again as it was. What was broadcast is recorded: whole boards now and then, and every
-- change between them, so that a moment is the board before it and the changes up to it, field by field.

-- A stretch in which every change was recorded. Between two of them something is missing, and replay says so.
create table recorded_stretch (
  run_id    integer     not null references run,
  stretch   integer     not null,
  -- The journal and its epoch that the sequence numbers belong to.
  journal   uuid        not null,
  epoch     text        not null,
  from_at   timestamptz not null,
  to_at     timestamptz not null,
  to_seq    bigint      not null,
  primary key (run_id, stretch),
  check (from_at <= to_at)
);

-- A week a partition, as the history has them; each begins with a whole board, so that older ones can be dropped.
create table recorded (
  run_id   integer     not null,
  stretch  integer     not null,
  -- First and last revision within; of a whole board both are its own.
  from_seq bigint      not null,
  to_seq   bigint      not null,
  from_at  timestamptz not null,
  to_at    timestamptz not null,
  -- 0: a whole board, 1: changes.
  kind     smallint    not null check (kind in (0, 1)),
  -- `<version>/<hash>` of the rules it was judged by.
  rules    text        not null,
  -- Length of the text in `body`.
  bytes    integer     not null,
  -- Lines of JSON, compressed with zstd.
  body     bytea       not null,
  primary key (run_id, stretch, kind, from_seq, from_at),
  check (from_seq <= to_seq and from_at <= to_at)
) partition by range (from_at);
-- It is compressed already, and better.
alter table recorded alter column body set storage external;
-- The newest whole board at or before a moment.
create index recorded_board on recorded (run_id, stretch, from_at) where kind = 0;
