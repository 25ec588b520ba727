-- Why: what a person decided must be found again as it was decided. The table refuses to be changed, also by mistake.

create table audit (
  audit_id    bigint generated always as identity primary key,
  recorded_at timestamptz not null default now(),
  run_id      integer     not null references run,
  -- Product time.
  at          timestamptz not null,
  actor       text        not null,
  role        text        not null,
  action      text        not null,
  subject     text        not null,
  detail      jsonb       not null default '{}'
);
create index audit_subject on audit (subject, at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end
$$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();
