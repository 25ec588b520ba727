import type { AdapterName } from '#shared/model/definition.ts';
import { METRIC_NAMES, metricSpec } from '#shared/model/metrics.ts';
import type { SiteKind } from '#shared/model/site-kind.ts';

const PREFIX: Readonly<Record<AdapterName, string>> = {
  'bars-slots': 'slots.',
  'fhir-appointments': 'appointments.',
  'telephony-queues': 'calls.',
  'iuc-queues': 'iuc.',
};

/** Kinds of site an adapter has anything to say about, by the metric catalogue. */
export function servedKinds(adapter: AdapterName): ReadonlySet<SiteKind> {
  const names = METRIC_NAMES.filter((name) => name.startsWith(PREFIX[adapter]));
  return new Set(names.flatMap((name) => metricSpec(name).siteKinds));
}
