import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { Fault } from '../faults.ts';
import type { Http, TlsIdentity } from '../http.ts';
import type { Logger } from '../logger.ts';

/** The client certificate of these PEMs; the same object for as long as they are the same. */
export type Certificate = (certificate: string, key: string, ca: string | null) => TlsIdentity | Fault;

export interface CertificateDeps {
  readonly feed: string;
  readonly retire: Http['retire'];
  readonly logger: Logger;
}

const UNUSABLE: Fault = {
  state: 'tls',
  fault: 'the client certificate of this feed and its key cannot be read or do not belong together',
};

const wider = new WeakMap<TlsIdentity, TlsIdentity>();

/**
 * The client certificate of one feed. When its files change, new connections use the new one and those of the old are
 * closed; while they do not fit each other (one file is written after the other), the old one stays.
 */
export function createCertificate({ feed, retire, logger }: CertificateDeps): Certificate {
  let current: TlsIdentity | null = null;
  /** PEMs that cannot be used, not tried again at every poll. */
  let refused = '';
  return (certificate, key, ca) => {
    if (current?.certificate === certificate && current.key === key && current.ca === ca) return current;
    const id = createHash('sha256')
      .update(JSON.stringify([certificate, key, ca]))
      .digest('base64url');
    if (id === refused) return current ?? UNUSABLE;
    if (!fits(certificate, key, ca)) {
      refused = id;
      logger.warn({ type: 'feed-certificate-unusable', feed, kept: current !== null }, UNUSABLE.fault);
      return current ?? UNUSABLE;
    }
    const previous = current;
    current = { id, certificate, key, ca };
    refused = '';
    if (previous) {
      retire(previous);
      const other = wider.get(previous);
      if (other) retire(other);
      logger.info({ type: 'feed-certificate-changed', feed }, 'client certificate changed');
    }
    return current;
  };
}

function fits(cert: string, key: string, ca: string | null): boolean {
  try {
    createSecureContext({ cert, key, ...(ca === null ? {} : { ca }) });
    return true;
  } catch {
    // The engine's message may quote the file.
    return false;
  }
}

/** For the token address, which may be the supplier's own or a public one: trusts the usual authorities as well. */
export function alsoTrusting(identity: TlsIdentity): TlsIdentity {
  if (identity.ca === null) return identity;
  const known = wider.get(identity);
  if (known) return known;
  const made = { ...identity, id: `${identity.id}+`, ca: [...getCACertificates('default'), identity.ca].join('\n') };
  wider.set(identity, made);
  return made;
}
