import type { AuthPart } from '#shared/model/definition.ts';

/** Resolves `${NAME}`: from the environment or from the file that `NAME_FILE` names; undefined where there is none. */
export type Secrets = (name: string) => string | undefined;

export type Filled = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: string };

/** Fills every `${NAME}` of a template; the first one that is not set is named (names are no secrets). */
export function fillSecrets(template: string, secret: Secrets): Filled {
  let missing: string | null = null;
  const text = template.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
    const value = secret(name);
    if (value === undefined || value === '') missing ??= name;
    return value ?? '';
  });
  return missing === null ? { ok: true, text } : { ok: false, missing };
}

export type Headers =
  { readonly ok: true; readonly headers: Record<string, string> } | { readonly ok: false; readonly missing: string };

/** Header lines of a feed's own `headers` and `auth` parts, secrets filled in. */
export function fillHeaders(
  templates: Readonly<Record<string, string>>,
  auth: readonly AuthPart[],
  secret: Secrets,
): Headers {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const filled = fillSecrets(template, secret);
    if (!filled.ok) return filled;
    headers[name.toLowerCase()] = filled.text;
  }
  for (const part of auth) {
    if (part.type !== 'bearer' && part.type !== 'basic') continue;
    const filled = authLine(part, secret);
    if (!filled.ok) return filled;
    headers['authorization'] = filled.text;
  }
  return { ok: true, headers };
}

function authLine(part: Extract<AuthPart, { type: 'bearer' | 'basic' }>, secret: Secrets): Filled {
  if (part.type === 'bearer') {
    const token = fillSecrets(part.token, secret);
    return token.ok ? { ok: true, text: `Bearer ${token.text}` } : token;
  }
  const user = fillSecrets(part.user, secret);
  if (!user.ok) return user;
  const password = fillSecrets(part.password, secret);
  if (!password.ok) return password;
  return { ok: true, text: `Basic ${Buffer.from(`${user.text}:${password.text}`, 'utf8').toString('base64')}` };
}
