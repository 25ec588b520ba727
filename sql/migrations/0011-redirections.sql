-- Why: what became of every redirection has to be told weeks and years later, by neighbourhood and week, and by whoever
-- asks what nobody asks today. The ledger on disk decides; this follows it, and keeps what the ledger lets go of.

create table redirection (
  run_id       integer     not null references run,
  -- As the ledger calls it.
  redirection  text        not null,
  -- Steps that the ledger had of it: they only rise, so that an older state never replaces a newer one.
  steps        integer     not null check (steps >= 1),
  state        text        not null,
  -- Codes, as definitions come and go: whose practices it was for, and whose slots.
  unit         text        not null,
  hub          text        not null,
  -- A lead's own offer, which nobody had proposed.
  own          boolean     not null,
  -- Product time.
  proposed_at  timestamptz not null,
  decided_at   timestamptz,
  ended_at     timestamptz,
  -- Slots. On offer when it was answered or lapsed; null while it is open, and where it was overtaken.
  offered      integer,
  accepted     integer     not null,
  held         integer     not null,
  lapsed       integer     not null,
  refused      integer     not null,
  refusal      text,
  -- Null where nobody has told.
  booked       integer,
  returned     integer,
  not_attended integer,
  -- Of those booked: their minutes; how many by telephone or video, how many in person; kilometres of those in person,
  -- and of how many they are known; how many of them for urgent need.
  minutes      double precision,
  remote       integer     not null,
  in_person    integer     not null,
  km_sum       double precision not null,
  km_of        integer     not null,
  urgent       integer,
  -- [{practice, need, booked}], and [{practice, with, without}] or null where it was not looked at.
  practices    jsonb       not null,
  effects      jsonb,
  -- Every step, as the ledger has it.
  events       jsonb       not null,
  stored_at    timestamptz not null default now(),
  primary key (run_id, redirection)
);
create index redirection_proposed on redirection (run_id, proposed_at);
