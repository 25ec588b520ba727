import { createLane, type LaneAnswer, type LaneLimits } from './lane.ts';
import type { Mapped, MappingRunner } from './runner.ts';
import { mappingFault } from './words.ts';

const LIMITS: LaneLimits = { limitMs: 1000, patienceMs: 10_000, longest: 500, memoryMb: 128 };
/** The engine's own limit comes first where it can, as it leaves the process standing. */
const ENGINE_SHARE = 0.8;
/** Good runs after which a mapping that once ran away is trusted again. */
const PROBATION = 20;

/**
 * Mappings run in processes of their own. One that ran away runs apart from then on until it has done well for a while,
 * so that those which have never done so do not wait behind it.
 */
export function createMappingRunner(limits: Partial<LaneLimits> = {}): MappingRunner {
  const all = { ...LIMITS, ...limits };
  const ordinary = createLane(all);
  const apart = createLane(all);
  const suspects = new Map<string, number>();

  const learn = (expression: string, { kind }: LaneAnswer): void => {
    if (kind === 'late' || kind === 'memory' || kind === 'broken') suspects.set(expression, PROBATION);
    else if (kind === 'value' && suspects.has(expression)) {
      const left = (suspects.get(expression) ?? 1) - 1;
      if (left > 0) suspects.set(expression, left);
      else suspects.delete(expression);
    }
  };

  return {
    async run(expression, input, bindings, format = 'json') {
      const lane = suspects.has(expression) ? apart : ordinary;
      const limitMs = all.limitMs * ENGINE_SHARE;
      const answer = await lane.ask({ expression, input, bindings, format, limitMs });
      learn(expression, answer);
      return understand(answer, expression, all);
    },
    async close() {
      await Promise.all([ordinary.close(), apart.close()]);
    },
  };
}

function understand(answer: LaneAnswer, expression: string, { limitMs, memoryMb }: LaneLimits): Mapped {
  const failed = (why: string): Mapped => ({ ok: false, why });
  switch (answer.kind) {
    case 'value': {
      const { json, refused, refusedCount } = answer;
      return { ok: true, value: json === null ? undefined : (JSON.parse(json) as unknown), refused, refusedCount };
    }
    case 'unreadable':
      return { ok: false, why: `the answer ${answer.why}`, unreadable: true };
    case 'fault':
      return failed(mappingFault(answer.code, answer.position, expression));
    case 'late':
      return failed(`the mapping takes longer than ${limitMs / 1000} s and was stopped`);
    case 'memory':
      return failed(`the mapping needs more than ${memoryMb} MB and was stopped`);
    case 'broken':
      return failed('the mapping broke off');
    case 'crowded':
      return failed('too many mappings are waiting to be worked out');
    case 'deep':
      return failed('the answer is nested too deeply for a mapping');
    case 'closed':
      return failed('no mappings are worked out any more');
  }
}
