import type { AdapterName } from '#shared/model/definition.ts';
import { metricsOf } from '#shared/model/feed-metrics.ts';
import { toInstant } from '#shared/model/time.ts';
import type { Mapped } from '../mapping/runner.ts';
import type { Adapter, MakeAdapter, Read, ReadContext, Rejection, Unreadable } from './adapter.ts';
import { DECLARED_REDACTION, NOTHING_DECLARED, sayDeclared, standingAt, type DeclaredMemory } from './declared.ts';
import { askForDocument } from './documents.ts';
import { LEVEL, readMapped } from './mapped-result.ts';

/**
 * UUIDs, times, days of this decade, and codes with a digit in them: what a definition's `keeps` may leave readable.
 * Never a long number, and a mere word only where the mapping itself speaks of it: any other could be a name.
 */
const CODES =
  '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:\\d\\d)|20[23]\\d-\\d\\d-\\d\\d|(?!\\d+[-./]\\d+[-./]\\d+$)(?!.*\\d{7})(?=.*\\d)[A-Za-z0-9][A-Za-z0-9_.:~-]{0,63}';
const keptOf = (words: ReadonlySet<string>): RegExp =>
  new RegExp(`^(?:${[CODES, ...[...words].map((word) => RegExp.escape(word))].join('|')})$`, 'i');

/** Ages worked out from the time of asking grow though not a byte changes. */
const CLOCKED = /\$(?:now|millis|askedAt|eval)\b/;

/** Both mapped standards: the answer is handed to the feed's expression, and what that comes to is judged here. */
export function mapped(
  name: Extract<AdapterName, 'mapped-json' | 'mapped-csv'>,
  format: 'json' | 'csv',
): MakeAdapter<DeclaredMemory, Adapter<DeclaredMemory>> {
  return (feed, { mapping }) => {
    const fields = namesIn(feed.mapping ?? '');
    const kept = keptOf(fields);
    return {
      name,
      format,
      redaction: {
        keeps: { ...DECLARED_REDACTION.keeps, ...Object.fromEntries((feed.keeps ?? []).map((key) => [key, kept])) },
        links: [],
        fields,
      },
      ...(CLOCKED.test(feed.mapping ?? '') ? { clocked: true as const } : {}),
      timeKeys: [],
      memory: () => NOTHING_DECLARED,
      request: (asking) => askForDocument(asking, format === 'csv' ? 'text/csv, text/plain;q=0.9' : 'application/json'),
      async read(payload, context, memory) {
        const { sites } = context.instance;
        if (format === 'csv' && typeof payload !== 'string')
          return { ok: false, state: 'invalid', fault: 'the answer is no text' };
        const bindings = {
          sites: sites.map(({ id, odsCode, identifiers }) => ({ id, ods: odsCode, identifiers })),
          askedAt: toInstant(context.askedAt),
        };
        return understand(await mapping.run(feed.mapping ?? '', payload, bindings, format), context, memory);
      },
      ...(metricsOf(feed).includes(LEVEL)
        ? {
            again: ({ now }: ReadContext, memory: DeclaredMemory) => ({ readings: standingAt(memory, now), slots: [] }),
          }
        : {}),
    };
  };
}

/** Names that an expression may speak of: words, and whatever stands in quotes or backticks. */
function namesIn(expression: string): ReadonlySet<string> {
  const quoted = [...expression.matchAll(/`([^`]*)`|"([^"]*)"|'([^']*)'/g)].flatMap(([, a, b, c]) => a ?? b ?? c ?? []);
  return new Set([...(expression.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []), ...quoted]);
}

function understand(
  result: Mapped,
  { instance: { feed, sites }, now }: ReadContext,
  memory: DeclaredMemory,
): Read<DeclaredMemory> | Unreadable {
  if (!result.ok) return { ok: false, state: result.unreadable ? 'invalid' : 'mapping-failed', fault: result.why };
  const read = readMapped(result.value, feed, sites, now);
  if (!read.ok) return read;
  const rows = (result.refused ?? []).map(({ row, reason }): Rejection => ({ place: `/rows/${row}`, reason }));
  const said = read.declared ? sayDeclared(read.declared, sites, { at: read.observedAt ?? now, now }, memory) : null;
  return {
    ok: true,
    observedAt: read.observedAt,
    readings: read.readings,
    slots: [],
    rejected: [...rows, ...read.refusals.list],
    rejectedCount: (result.refusedCount ?? 0) + read.refusals.count,
    duplicates: read.duplicates,
    next: null,
    memory: said ? { said: said.said, readings: read.readings } : memory,
    ...(said ? { declared: said.declared } : {}),
    volume: read.volume + (result.refusedCount ?? 0),
  };
}
