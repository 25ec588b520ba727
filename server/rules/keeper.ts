import type { Rules } from '#shared/model/rules.ts';
import { codeOf } from '../domain/error-code.ts';
import type { BoardView, Clock } from '../domain/ports.ts';
import { checkRules } from '../domain/rules/check.ts';
import type { Publication, RulesStore } from '../domain/rules/ports.ts';

/** Real ms between tries to agree with a database that does not answer. */
const AGAIN_MS = 5000;

/** A board that can go over to other rules. */
export interface RulesBoard extends Pick<BoardView, 'definition' | 'onCommit'> {
  adoptRules(rules: Rules): void;
}

export interface KeeperDeps {
  readonly board: RulesBoard;
  readonly store: RulesStore;
  /** What rules.yaml says. */
  readonly file: Rules;
  /** `<version>/<hash>`. */
  readonly idOf: (rules: Rules) => string;
  readonly clock: Clock;
  readonly logger: { info(about: object, text: string): void; error(about: object, text: string): void };
}

/** Keeps board and database of one mind about which rules are in force. */
export interface RulesKeeper {
  /** What is in force, or comes into force with the board's next tick. */
  standing(): Publication;
  /** Has the board go over to rules that are on record. */
  adopt(rules: Rules): void;
  /** Puts rules.yaml into force where its version is higher than any known; to be called before the board starts. */
  begin(): void;
  /**
   * Agrees with the database: what it holds to be in force and the board has not adopted is adopted now; what the board
   * has and it lacks is written down. Tries again by itself while it does not answer.
   */
  settle(): Promise<void>;
  stop(): void;
}

export function createRulesKeeper({ board, store, file, idOf, clock, logger }: KeeperDeps): RulesKeeper {
  let standing = board.definition.rules;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const adopt = (rules: Rules) => {
    standing = rules;
    board.adoptRules(rules);
  };
  const publication = (): Publication => {
    const id = idOf(standing);
    return { id, rules: standing, origin: id === idOf(file) ? 'file' : 'published', restores: null, at: clock.now() };
  };
  const follow = (id: string, stored: unknown) => {
    if (id === idOf(standing)) return;
    const { rules, faults } = checkRules(stored);
    if (rules === null || faults.length > 0) {
      logger.error({ type: 'rules.unreadable', id, faults }, 'The database has rules that cannot be judged by.');
      return;
    }
    logger.info({ type: 'rules.adopted', id, instead: idOf(standing) }, 'Rules that were on record come into force.');
    adopt(rules);
  };
  const again = () => {
    if (stopped || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void settle();
    }, AGAIN_MS);
    timer.unref();
  };
  const settle = async () => {
    try {
      const inForce = await store.settle(publication());
      if (!stopped) follow(inForce.id, inForce.rules);
    } catch (error) {
      const away = codeOf(error) === 'STORE_UNAVAILABLE';
      if (!away)
        logger.error({ type: 'rules.unsettled', err: error }, 'Which rules are in force could not be compared.');
      again();
    }
  };

  return {
    standing: publication,
    adopt,
    settle,
    begin() {
      if (file.version > standing.version) {
        logger.info({ type: 'rules.file', id: idOf(file), instead: idOf(standing) }, 'rules.yaml comes into force.');
        adopt(file);
      } else if (idOf(file) !== idOf(standing)) {
        const about = { type: 'rules.seed', file: idOf(file), inForce: idOf(standing) };
        logger.info(about, 'rules.yaml is no newer than the rules in force: it stays a beginning only.');
      }
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
