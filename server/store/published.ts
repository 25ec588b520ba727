import type { PublishedFigure, PublishedHistory } from '../domain/ports.ts';
import type { Database, Query, Queryable } from './database.ts';

/** A month of one published figure of one organisation. `days` and `bands`: 0 is the whole month, the whole day. */
export interface PublishedMonthRow {
  readonly dataset: string;
  readonly org: string;
  readonly item: string;
  /** First of the month, `2026-02-01`. */
  readonly month: string;
  readonly days: readonly number[];
  readonly bands: readonly number[];
  readonly values: readonly number[];
}

export interface PublishedOrganisationRow {
  readonly code: string;
  readonly name: string;
  readonly kind: 'practice' | 'network';
  readonly parent: string | null;
  readonly status: string | null;
  readonly opened: string | null;
  readonly closed: string | null;
}

export interface PublishedMembershipRow {
  readonly practice: string;
  readonly network: string;
  readonly from: string;
  readonly to: string | null;
}

/** One imported file, and what became of its rows. */
export interface PublishedSource {
  readonly dataset: string;
  readonly file: string;
  readonly hash: string;
  readonly read: number;
  readonly taken: number;
  readonly rejected: number;
  readonly report: object;
}

/** What an import changed: rows that were not there, that were otherwise, that were just so. */
export interface Changed {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Rows of an earlier file that this one says nothing of. */
  readonly gone: number;
}

export interface PublishedContent {
  readonly source: PublishedSource;
  readonly figures: readonly PublishedMonthRow[];
  readonly organisations: readonly PublishedOrganisationRow[];
  readonly memberships: readonly PublishedMembershipRow[];
  /** The figures are all that there are of their organisations' months. */
  readonly whole: boolean;
}

const CHUNK = 1000;

/** Takes a file in whole or not at all. The same file again changes nothing; a revised one replaces the days it tells of. */
export async function savePublished(database: Database, content: PublishedContent): Promise<Changed> {
  return database.transaction(async (inside) => {
    const [source] = await inside.query<{ id: number }>(addSource(content.source));
    const id = source?.id ?? 0;
    const counts = [
      await inChunks(inside, content.figures, (rows) => upsertFigures(id, rows)),
      await inChunks(inside, content.organisations, (rows) => upsertOrganisations(id, rows)),
      await inChunks(inside, content.memberships, (rows) => upsertMemberships(id, rows)),
    ];
    const gone = content.whole ? await inside.query(dropOthers(content.source.dataset, content.figures)) : [];
    const sum = (key: keyof Counted) => counts.reduce((total, count) => total + count[key], 0);
    return { added: sum('added'), changed: sum('changed'), same: sum('same'), gone: gone.length };
  });
}

type Counted = Omit<Changed, 'gone'>;

async function inChunks<T>(
  inside: Queryable,
  rows: readonly T[],
  query: (rows: readonly T[]) => Query,
): Promise<Counted> {
  let [added, changed] = [0, 0];
  for (let from = 0; from < rows.length; from += CHUNK) {
    const written = await inside.query<{ fresh: boolean }>(query(rows.slice(from, from + CHUNK)));
    added += written.filter(({ fresh }) => fresh).length;
    changed += written.filter(({ fresh }) => !fresh).length;
  }
  return { added, changed, same: rows.length - added - changed };
}

const addSource = (source: PublishedSource): Query => ({
  name: 'add-published-source',
  text: `insert into published_source (dataset, file, hash, rows_read, rows_taken, rows_rejected, report)
         values ($1, $2, $3, $4, $5, $6, $7::jsonb)
         on conflict (dataset, hash) do update set file = excluded.file, rows_read = excluded.rows_read,
           rows_taken = excluded.rows_taken, rows_rejected = excluded.rows_rejected, report = excluded.report,
           imported_at = now()
         returning source_id as id`,
  values: [
    source.dataset,
    source.file,
    source.hash,
    source.read,
    source.taken,
    source.rejected,
    JSON.stringify(source.report),
  ],
});

const array = (values: readonly number[]): string => `{${values.join(',')}}`;

// A month may come in several files, a week each: a file replaces the days it tells of and leaves the others.
// `xmax` is 0 only for a row that this statement made.
const upsertFigures = (source: number, rows: readonly PublishedMonthRow[]): Query => ({
  name: 'upsert-published-figures',
  text: `insert into published_figure as held (dataset, org, item, month, days, bands, vals, source_id)
         select dataset, org, item, month, days::smallint[], bands::smallint[], vals::float8[], $8
         from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[])
           as given(dataset, org, item, month, days, bands, vals)
         on conflict (dataset, org, item, month) do update
           set source_id = excluded.source_id, (days, bands, vals) = (
             select array_agg(day order by day, band), array_agg(band order by day, band), array_agg(val order by day, band)
             from (
               select day, band, val from unnest(excluded.days, excluded.bands, excluded.vals) as own(day, band, val)
               union all
               select day, band, val from unnest(held.days, held.bands, held.vals) as other(day, band, val)
               where day <> all (excluded.days)
             ) cell)
           where not coalesce((excluded.days, excluded.bands, excluded.vals) = (
             select array_agg(day order by day, band), array_agg(band order by day, band), array_agg(val order by day, band)
             from unnest(held.days, held.bands, held.vals) as cell(day, band, val) where day = any (excluded.days)), false)
         returning (xmax = 0) as fresh`,
  values: [
    rows.map((r) => r.dataset),
    rows.map((r) => r.org),
    rows.map((r) => r.item),
    rows.map((r) => r.month),
    rows.map((r) => array(r.days)),
    rows.map((r) => array(r.bands)),
    rows.map((r) => array(r.values)),
    source,
  ],
});

// Whole at once: in parts, an organisation's items on either side of a cut would take each other away.
const dropOthers = (dataset: string, rows: readonly PublishedMonthRow[]): Query => ({
  name: 'drop-published-figures',
  text: `with given as (select org, item, month from unnest($2::text[], $3::text[], $4::date[]) as given(org, item, month))
         delete from published_figure held
         using (select distinct org, month from given) told
         where held.dataset = $1 and held.org = told.org and held.month = told.month
           and (held.org, held.month, held.item) not in (select org, month, item from given)
         returning held.item`,
  values: [dataset, rows.map((r) => r.org), rows.map((r) => r.item), rows.map((r) => r.month)],
});

const upsertOrganisations = (source: number, rows: readonly PublishedOrganisationRow[]): Query => ({
  name: 'upsert-published-organisations',
  text: `insert into published_organisation as held (code, name, kind, parent, status, opened, closed, source_id)
         select given.*, $8
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])
           as given(code, name, kind, parent, status, opened, closed)
         on conflict (code) do update
           set name = excluded.name, kind = excluded.kind, parent = excluded.parent, status = excluded.status,
               opened = excluded.opened, closed = excluded.closed, source_id = excluded.source_id
           where (held.name, held.kind, held.parent, held.status, held.opened, held.closed)
                 is distinct from
                 (excluded.name, excluded.kind, excluded.parent, excluded.status, excluded.opened, excluded.closed)
         returning (xmax = 0) as fresh`,
  values: [
    rows.map((r) => r.code),
    rows.map((r) => r.name),
    rows.map((r) => r.kind),
    rows.map((r) => r.parent),
    rows.map((r) => r.status),
    rows.map((r) => r.opened),
    rows.map((r) => r.closed),
    source,
  ],
});

const upsertMemberships = (source: number, rows: readonly PublishedMembershipRow[]): Query => ({
  name: 'upsert-published-memberships',
  text: `insert into published_membership as held (practice, network, valid_from, valid_to, source_id)
         select given.*, $5
         from unnest($1::text[], $2::text[], $3::date[], $4::date[]) as given(practice, network, valid_from, valid_to)
         on conflict (practice, network, valid_from) do update
           set valid_to = excluded.valid_to, source_id = excluded.source_id
           where held.valid_to is distinct from excluded.valid_to
         returning (xmax = 0) as fresh`,
  values: [
    rows.map((r) => r.practice),
    rows.map((r) => r.network),
    rows.map((r) => r.from),
    rows.map((r) => r.to),
    source,
  ],
});

/** What was published about an organisation, newest months first; at most `months` of them. */
export async function readPublished(database: Queryable, org: string, months: number): Promise<PublishedHistory> {
  const [figures, organisations, memberships] = await Promise.all([
    database.query<PublishedFigure>(figuresOf(org, months)),
    database.query<NonNullable<PublishedHistory['organisation']>>(organisationOf(org)),
    database.query<PublishedHistory['memberships'][number]>(membershipsOf(org)),
  ]);
  return { organisation: organisations[0] ?? null, memberships, figures };
}

// A day that is told by bands and as a whole would count twice: the whole goes before its parts.
const figuresOf = (org: string, months: number): Query => ({
  name: 'read-published-figures',
  text: `select f.dataset, f.item, to_char(f.month, 'YYYY-MM') as month, total.value, total.days, s.file
         from published_figure f join published_source s using (source_id)
         cross join lateral (
           select sum(val) as value, nullif(count(distinct day) filter (where day > 0), 0)::integer as days
           from unnest(f.days, f.bands, f.vals) as cell(day, band, val)
           where band = 0 or not (0 = any (f.bands))
         ) total
         where f.org = $1 and f.month > (select max(month) from published_figure where org = $1) - make_interval(months => $2)
         order by f.month desc, f.dataset, f.item`,
  values: [org, months],
});

const organisationOf = (code: string): Query => ({
  name: 'read-published-organisation',
  text: `select name, kind, parent, status, to_char(opened, 'YYYY-MM-DD') as opened, to_char(closed, 'YYYY-MM-DD') as closed
         from published_organisation where code = $1`,
  values: [code],
});

const membershipsOf = (practice: string): Query => ({
  name: 'read-published-memberships',
  text: `select m.network, o.name, to_char(m.valid_from, 'YYYY-MM-DD') as "from", to_char(m.valid_to, 'YYYY-MM-DD') as "to"
         from published_membership m left join published_organisation o on o.code = m.network
         where m.practice = $1 order by m.valid_from desc, m.network`,
  values: [practice],
});
