-- Why: on its first day a system has no history of its own. What NHS England publishes about its practices and services is
-- the history there is: kept by publication, so that a figure can be told to its file, and a revised file replaces it.

create table published_source (
  source_id     integer generated always as identity primary key,
  dataset       text        not null,
  -- Name of the file, without its folder.
  file          text        not null,
  hash          text        not null,
  rows_read     integer     not null,
  rows_taken    integer     not null,
  rows_rejected integer     not null,
  -- Why rows were not taken, with counts; what else was noticed.
  report        jsonb       not null,
  imported_at   timestamptz not null default now(),
  unique (dataset, hash)
);

-- One row holds a month of one figure of one organisation, as arrays: a practice's calls by day and band are 280 numbers.
create table published_figure (
  dataset   text       not null,
  -- ODS code, contract code, or ENGLAND.
  org       text       not null,
  item      text       not null,
  -- First of the month.
  month     date       not null,
  -- Day of the month, 0: the month as a whole.
  days      smallint[] not null,
  -- Band of the day as the dataset numbers them from 1, 0: the day as a whole.
  bands     smallint[] not null,
  vals      float8[]   not null,
  source_id integer    not null references published_source,
  primary key (dataset, org, item, month),
  check (cardinality(days) = cardinality(vals) and cardinality(bands) = cardinality(vals))
);
create index published_figure_org on published_figure (org, month);

-- The register: what an organisation code was called, and from when to when it existed.
create table published_organisation (
  code      text    primary key,
  name      text    not null,
  kind      text    not null check (kind in ('practice', 'network')),
  -- Sub-ICB location; null where the register names none.
  parent    text,
  -- A active, C closed, D dormant, P proposed; null for networks, which have dates only.
  status    text,
  opened    date,
  -- Null: not closed.
  closed    date,
  source_id integer not null references published_source
);

create table published_membership (
  practice   text not null,
  network    text not null,
  valid_from date not null,
  -- Null: to this day.
  valid_to   date,
  source_id  integer not null references published_source,
  primary key (practice, network, valid_from),
  check (valid_to is null or valid_from <= valid_to)
);
