const WHOLE = /^\$\{[A-Z][A-Z0-9_]*\}$/;
const REFERENCE = /\$\{([^}]*)\}?/g;
const SECRET_HEADER = /^(authorization|proxy-authorization|cookie)$|(^|-)(api-?key|token|secret|password)(-|$)/i;
const SECRET_PARAMETER =
  /^(key|api-?_?key|subscription-?key|token|access_?token|(client_?)?secret|password|pwd|sig|signature|code)$/i;
const SECRET_FIELD = /^(api[-_]?key|token|access_?token|(client_?)?secret|password|pwd)$/i;

/** Whether a credential is a reference to the environment and nothing else. */
export function isReference(text: string): boolean {
  return WHOLE.test(text);
}

/** `${…}` parts that are no reference (`${name}`, `${}`, an unclosed `${NAME`). */
export function badReferences(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([whole]) => whole).filter((whole) => !WHOLE.test(whole));
}

/** Whether a header carries a secret in clear. `Bearer ${TOKEN}` is fine, `Bearer abc` is not. */
export function isSecretInClear(header: string, value: string): boolean {
  return SECRET_HEADER.test(header) && !/^(\w+ )?\$\{[A-Z][A-Z0-9_]*\}$/.test(value);
}

/** The credential a feed's address holds in clear, named without repeating it; null when there is none. */
export function secretInAddress(url: string): string | null {
  const user = /^[a-z]+:\/\/([^/?#@]+)@/i.exec(url)?.[1];
  if (user !== undefined && user.split(':').some((part) => !isReference(part))) return 'a user name or password';
  for (const [, key = '', value = ''] of url.matchAll(/[?&]([^=&#]+)=([^&#]*)/g)) {
    if (SECRET_PARAMETER.test(key) && !isReference(value)) return `parameter "${key}"`;
  }
  return null;
}

/**
 * The key under which a JSON body holds a credential in clear; `unreadable` where it is no JSON even with its templates
 * filled in; null when all is well. References stand within quotes.
 */
export function secretInBody(body: string): { readonly key: string } | 'unreadable' | null {
  let found: { readonly key: string } | null = null;
  try {
    JSON.parse(body.replace(/(?<!\$)\{[a-z-]+\}/g, '0'), (key, value: unknown) => {
      if (SECRET_FIELD.test(key) && typeof value === 'string' && !isReference(value)) found ??= { key };
      return value;
    });
  } catch {
    return 'unreadable';
  }
  return found;
}
