import type { Logger } from 'pino';

export interface Phase {
  readonly name: string;
  /** Real milliseconds after which the next phase begins all the same. */
  readonly limitMs: number;
  run(): Promise<void> | void;
}

/** Runs every phase in order, each with its limit; a phase that fails or hangs never keeps the others from running. */
export async function runPhases(phases: readonly Phase[], logger: Logger): Promise<void> {
  for (const { name, limitMs, run } of phases) {
    const began = performance.now();
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), limitMs);
    try {
      const ended = await Promise.race([Promise.resolve(run()).then(() => 'done' as const), late]);
      const durationMs = Math.round(performance.now() - began);
      if (ended === 'late') logger.warn({ type: 'shutdown.late', phase: name, durationMs }, 'a phase took too long');
      else logger.debug({ type: 'shutdown.phase', phase: name, durationMs }, 'a phase ended');
    } catch (error) {
      logger.error({ type: 'shutdown.failed', phase: name, err: error }, 'a phase failed');
    } finally {
      clearTimeout(timer);
    }
  }
}
