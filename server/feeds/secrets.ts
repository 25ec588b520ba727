/** Resolves `${NAME}`: from the environment or from the file that `NAME_FILE` names; undefined where there is none. */
export type Secrets = (name: string) => string | undefined;

export type Filled = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: string };

/** Fills one template, again and again. */
export type Filler = (secret: Secrets) => Filled;

const WHOLE = /^\$\{([A-Z][A-Z0-9_]*)\}$/;

/** `fillSecrets` of one template, its reading done once: polls fill the same few templates for ever. */
export function createFiller(template: string): Filler {
  const name = WHOLE.exec(template)?.[1];
  if (name === undefined) {
    const constant: Filled = { ok: true, text: template };
    return template.includes('${') ? (secret) => fillSecrets(template, secret) : () => constant;
  }
  let last: Filled = { ok: false, missing: name };
  return (secret) => {
    const value = secret(name);
    if (value === undefined || value === '') return { ok: false, missing: name };
    return last.ok && last.text === value ? last : (last = { ok: true, text: value });
  };
}

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
