import type { IncomingMessage } from 'node:http';
import type { Simulation } from '../simulation.ts';
import { appointmentRoute, slotRoute } from './bars-route.ts';
import { targetOf } from './bars-request.ts';
import { createDocuments } from './documents.ts';
import { gpConnectRoute } from './gp-connect-route.ts';
import { holdRoute } from './hold-route.ts';
import { queryRoute } from './queries.ts';
import type { Asked, FeedRoute } from './route.ts';

/** The base address of FHIR R4, of one site or of the proxy, and what is asked for there. */
const FHIR_BASE = /^(?:([^/]+)\/)?FHIR\/R4(?:\/(.*))?$/;
const GP_CONNECT = 'STU3/1/gpconnect/fhir/Slot';

export interface Feeds {
  /** Null where there is nothing at the address, or not by this method. */
  route(request: IncomingMessage, asked: Asked): FeedRoute | null;
}

/** What each supplier's addresses answer: `/<supplier>/…`. */
export function createFeeds(simulation: Simulation): Feeds {
  const documents = createDocuments(simulation);
  return {
    route: (request, asked) => {
      const { url } = asked;
      const [supplier = '', ...parts] = url.pathname.split('/').slice(1).map(decodeURIComponent);
      const path = parts.join('/');
      const document = asked.method === 'POST' ? null : documents.route(supplier, path);
      if (document) return document;
      const base = FHIR_BASE.exec(path);
      if (base) {
        const [, own = '', resource = ''] = base;
        // Through the proxy the target is named by the header alone.
        const code = own === '' ? targetOf(request.headers) : own;
        const hold = holdRoute(simulation, request, asked, supplier, code, resource);
        if (hold) return hold;
        if (asked.method === 'POST') return null;
        if (resource === 'Slot') return slotRoute(simulation, request, url, supplier, code);
        if (resource === 'Appointment' && own !== '') return appointmentRoute(simulation, url, supplier, code);
      }
      if (asked.method === 'POST') return queryRoute(simulation, supplier, path, asked);
      const [code = '', ...rest] = parts;
      if (rest.join('/') === GP_CONNECT) return gpConnectRoute(simulation, request, url, supplier, code);
      return null;
    },
  };
}
