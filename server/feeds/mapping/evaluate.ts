import jsonata from 'jsonata';
import { readTable } from './csv.ts';
import type { MappingAnswer, MappingQuestion } from './messages.ts';

/** Bounds of one evaluation that the engine itself keeps; the process's own time limit and memory are behind them. */
const DEEPEST_CALLS = 1000;
const LONGEST_SEQUENCE = 200_000;
/** Bounds of what comes out. */
const LARGEST_RESULT = 4_000_000;
const DEEPEST_RESULT = 16;
const MOST_VALUES = 400_000;
/** Expressions that stay compiled. */
const COMPILED = 200;

interface Compiled {
  readonly expression: ReturnType<typeof jsonata>;
  /** Whether it can ask for the time, by itself or in a text that it evaluates. */
  readonly timed: boolean;
}

/**
 * The product's clock in place of the machine's: in a demonstration and in a replay the two differ.
 * Bound over the engine's own `$now` and `$millis`.
 */
const CLOCK = `{
  "now": function($picture, $zone) { $fromMillis($toMillis($askedAt), $picture, $zone) },
  "millis": function() { $toMillis($askedAt) }
}`;

/** Answers one question after another. Runs in the mapping process; keeps nothing of a payload. */
export function createEvaluator(): (question: MappingQuestion) => Promise<MappingAnswer> {
  const compiled = new Map<string, Compiled>();
  const clock = jsonata(CLOCK);
  const compile = (expression: string, limitMs: number): Compiled => {
    const known = compiled.get(expression);
    if (known) return known;
    const made = {
      expression: jsonata(expression, { timeout: limitMs, stack: DEEPEST_CALLS, sequence: LONGEST_SEQUENCE }),
      timed: /\$(?:now|millis|eval)\b/.test(expression),
    };
    const [oldest] = compiled.keys();
    if (compiled.size >= COMPILED && oldest !== undefined) compiled.delete(oldest);
    compiled.set(expression, made);
    return made;
  };
  return async ({ expression, input, bindings, format, limitMs }) => {
    const table = format === 'csv' ? readTable(String(input)) : null;
    if (table && !table.ok) return { kind: 'unreadable', why: table.why };
    const refused = { refused: table?.refused ?? [], refusedCount: table?.refusedCount ?? 0 };
    try {
      const made = compile(expression, limitMs);
      const { askedAt } = bindings;
      const time = made.timed ? ((await clock.evaluate(null, { askedAt })) as object) : {};
      const value: unknown = await made.expression.evaluate(table ? table.rows : input, { ...bindings, ...time });
      const fault = resultFault(value);
      if (fault !== null) return { kind: 'fault', code: fault, position: null };
      const json = JSON.stringify(value) as string | undefined;
      if (json !== undefined && json.length > LARGEST_RESULT) return { kind: 'fault', code: 'LARGE', position: null };
      return { kind: 'value', json: json ?? null, ...refused };
    } catch (error) {
      return faultOf(error);
    }
  };
}

function faultOf(error: unknown): MappingAnswer {
  if (error instanceof RangeError) return { kind: 'fault', code: 'D1011', position: null };
  const { code, position } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  return {
    kind: 'fault',
    code: typeof code === 'string' && /^[STDU]\d{4}$/.test(code) ? code : 'OTHER',
    position: typeof position === 'number' ? position : null,
  };
}

/** What keeps a value from being handed on, or null. Walks it without recursion, as nobody knows yet how deep it is. */
function resultFault(value: unknown): 'DEEP' | 'LARGE' | 'FUNCTION' | null {
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_RESULT) return 'DEEP';
    const inner: unknown[] = [];
    for (const item of level) {
      if (++seen > MOST_VALUES) return 'LARGE';
      if (typeof item === 'function') return 'FUNCTION';
      if (typeof item !== 'object' || item === null) continue;
      if ('_jsonata_lambda' in item || '_jsonata_function' in item) return 'FUNCTION';
      for (const child of Array.isArray(item) ? (item as unknown[]) : Object.values(item)) inner.push(child);
    }
    level = inner;
  }
  return null;
}
