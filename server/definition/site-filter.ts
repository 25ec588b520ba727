import { SITE_KINDS } from '#shared/model/kind-names.ts';
import type { SiteRow, Sites } from './sites-file.ts';

export type Selection =
  | { readonly ok: true; readonly sites: readonly string[] }
  | { readonly ok: false; readonly messages: readonly string[] };

/**
 * The sites a feed serves, as feeds.yaml names them: a list of codes, or a text
 * `<kind>[, <kind> …] [where <identifier>=<value> [and <identifier>=<value> …]]`,
 * for example `practice where telephony=norhall-telecom`.
 */
export function selectSites(sites: string | readonly string[], known: Sites): Selection {
  return typeof sites === 'string' ? byFilter(sites, known.rows) : byCode(sites, known);
}

function byCode(codes: readonly string[], { rows, unread }: Sites): Selection {
  const ids = new Set([...rows.map((site) => site.id), ...unread]);
  const messages = codes.flatMap((code, i) => {
    if (!ids.has(code)) return [`site "${code}" is not in sites.csv`];
    return codes.indexOf(code) === i ? [] : [`site "${code}" is named twice`];
  });
  if (codes.length === 0) return { ok: false, messages: ['names no site'] };
  return messages.length > 0 ? { ok: false, messages } : { ok: true, sites: codes };
}

function byFilter(text: string, known: readonly SiteRow[]): Selection {
  const [kindText = '', conditionText, ...rest] = text.split(/\s+where\s+/);
  const kinds = kindText.split(',').map((kind) => kind.trim());
  const conditions = (conditionText?.split(/\s+and\s+/) ?? []).map((c) => /^([a-z-]+)\s*=\s*(\S+)$/.exec(c.trim()));
  const messages = kinds
    .filter((kind) => !(SITE_KINDS as readonly string[]).includes(kind))
    .map((kind) => `"${kind}" is not a kind of site (${SITE_KINDS.join(', ')})`);
  if (rest.length > 0 || conditions.includes(null)) {
    messages.push(`"${text}" is not like "practice where telephony=supplier"`);
  }
  if (messages.length > 0) return { ok: false, messages };
  const sites = known
    .filter((site) => kinds.includes(site.siteKind))
    .filter((site) => conditions.every((c) => site.identifiers[c?.[1] ?? ''] === c?.[2]))
    .map((site) => site.id);
  return sites.length > 0 ? { ok: true, sites } : { ok: false, messages: [`"${text}" matches no site`] };
}
