import type { IncomingMessage } from 'node:http';
import type { Simulation } from '../simulation.ts';
import { appointmentRoute, slotRoute } from './bars-route.ts';
import { targetOf } from './bars-request.ts';
import { createDocuments } from './documents.ts';
import { gpConnectRoute } from './gp-connect-route.ts';
import { queryRoute } from './queries.ts';
import type { Asked, FeedRoute } from './route.ts';

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
      if (asked.method === 'POST') return queryRoute(simulation, supplier, parts.join('/'), asked);
      const document = documents.route(supplier, parts.join('/'));
      if (document) return document;
      // Through the proxy the target is named by the header alone.
      if (parts.join('/') === 'FHIR/R4/Slot') {
        return slotRoute(simulation, request, url, supplier, targetOf(request.headers));
      }
      const [code = '', ...rest] = parts;
      const resource = rest.join('/');
      if (resource === 'FHIR/R4/Slot') return slotRoute(simulation, request, url, supplier, code);
      if (resource === 'FHIR/R4/Appointment') return appointmentRoute(simulation, url, supplier, code);
      if (resource === GP_CONNECT) return gpConnectRoute(simulation, request, url, supplier, code);
      return null;
    },
  };
}
