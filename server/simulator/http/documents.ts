import type { AdapterName, UnitDef } from '#shared/model/definition.ts';
import type { EpochMs } from '#shared/model/time.ts';
import type { Moment, Simulation } from '../simulation.ts';
import { callTotals } from '../wire/call-totals.ts';
import { declaredDocument } from '../wire/declared-document.ts';
import { iucDocument } from '../wire/iuc-document.ts';
import { onlineDocument } from '../wire/online-document.ts';
import { rotaTable } from '../wire/rota.ts';
import { styleOf, telephonyDocument } from '../wire/telephony-document.ts';
import { jsonAnswer, JSON_TYPE, type Answer } from './exchange.ts';
import { refuseJson, type FeedRoute } from './route.ts';

/** Documents of many sites are made at most once per this much product time. */
const DOCUMENT_TICK_MS = 5000;

interface Kind {
  readonly adapter: AdapterName;
  readonly type: string;
  /** Whether it is made of the day's calls. */
  readonly ofCalls: boolean;
  /** Whether it tells yesterday's totals besides. */
  readonly ofYesterday?: true;
  readonly make: (supplier: string, sites: readonly UnitDef[], moment: Moment, at: EpochMs, stamp: EpochMs) => string;
}

const CSV_TYPE = 'text/csv; charset=utf-8';

function kindsOf({ definition, directory }: Simulation): Readonly<Record<string, Kind>> {
  const defs = new Map((definition.suppliers ?? []).map((supplier) => [supplier.id, supplier]));
  const json = { type: JSON_TYPE } as const;
  return {
    queues: {
      ...json,
      adapter: 'telephony-queues',
      ofCalls: true,
      make: (supplier, sites, { world, day }, at, stamp) =>
        telephonyDocument(world, sites, styleOf(defs.get(supplier), directory.accounts(supplier)), day, at, stamp),
    },
    iuc: {
      ...json,
      adapter: 'iuc-queues',
      ofCalls: false,
      make: (_, sites, { world, day }, at, stamp) => iucDocument(world, sites, day, at, stamp),
    },
    online: {
      ...json,
      adapter: 'online-consultations',
      ofCalls: false,
      make: (_, sites, { world, day }, at, stamp) => onlineDocument(world, sites, day, at, stamp),
    },
    declared: {
      ...json,
      adapter: 'declared-states',
      ofCalls: true,
      make: (_, sites, { world, day }, at, stamp) => declaredDocument(world, sites, day, at, stamp),
    },
    'export/totals.csv': {
      type: CSV_TYPE,
      adapter: 'mapped-csv',
      ofCalls: true,
      ofYesterday: true,
      make: (_, sites, { world, day }, at, stamp) => callTotals(world, sites, day, at, stamp),
    },
    'rota.csv': {
      type: CSV_TYPE,
      adapter: 'mapped-csv',
      // Whom a practice has on duty goes by its slots, and those by its calls.
      ofCalls: true,
      make: (_, sites, { world, day }, at, stamp) => rotaTable(world, sites, day, at, stamp),
    },
  };
}

export interface Documents {
  /** `path`: what follows the supplier. Null where no document is kept there. */
  route(supplier: string, path: string): FeedRoute | null;
}

/** Documents of many sites, one a supplier and kind, each kept while its tick lasts. */
export function createDocuments(simulation: Simulation): Documents {
  const kinds = kindsOf(simulation);
  const cache = new Map<string, { tag: string; body: string }>();
  const answer = (supplier: string, path: string, kind: Kind, moment: Moment): Answer => {
    const sites = simulation.directory.sites(supplier, kind.adapter);
    if (sites.length === 0) return jsonAnswer({ error: 'UNKNOWN_SUPPLIER' }, 404);
    const at = Math.max(moment.day.start, Math.floor(moment.at / DOCUMENT_TICK_MS) * DOCUMENT_TICK_MS);
    const stamp = at + (moment.stamp - moment.at);
    const tag = `"${supplier}-${moment.seed}-${at.toString(36)}${stamp === at ? '' : `-${stamp.toString(36)}`}"`;
    const key = `${supplier} ${path}`;
    const body = () => {
      const known = cache.get(key);
      if (known?.tag === tag) return known.body;
      const made = kind.make(supplier, sites, moment, at, stamp);
      cache.set(key, { tag, body: made });
      return made;
    };
    return { status: 200, type: kind.type, etag: tag, body };
  };
  return {
    route: (supplier, path) => {
      const kind = Object.hasOwn(kinds, path) ? kinds[path] : undefined;
      if (!kind) return null;
      const sites = simulation.directory.sites(supplier, kind.adapter);
      return {
        supplier,
        adapter: kind.adapter,
        site: null,
        needs: kind.ofCalls ? sites : [],
        needsTotals: kind.ofYesterday ? sites : [],
        answer: (moment) => answer(supplier, path, kind, moment),
        refuse: refuseJson,
      };
    },
  };
}
