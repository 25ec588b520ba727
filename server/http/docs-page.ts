/** The parts of an OpenAPI document that the readable page shows. */
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
  }[];
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);
const code = (text: string) => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 Arial, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font-family: ui-monospace, monospace; }
section { border-top: 1px solid; padding: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
table { border-collapse: collapse; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; }
th { font-weight: normal; font-family: ui-monospace, monospace; white-space: nowrap; }
:focus-visible { outline: 3px solid #ffeb3b; background: #ffeb3b; color: #212b32; }
`;

function rows(entries: readonly (readonly [string, string])[]): string {
  const lines = entries.map(([name, text]) => `<tr><th scope="row">${escape(name)}</th><td>${code(text)}</td></tr>`);
  return lines.length === 0 ? '' : `<table>${lines.join('')}</table>`;
}

function operation(method: string, path: string, op: Operation): string {
  const parameters = (op.parameters ?? []).map((p): [string, string] => {
    return [`${p.name} (${p.in}${p.required ? ', required' : ''})`, p.description ?? ''];
  });
  const responses = Object.entries(op.responses ?? {}).map(([s, r]): [string, string] => [s, r.description ?? '']);
  return `<section><h2><code>${method.toUpperCase()} ${escape(path)}</code></h2>
<p>${code(op.summary ?? '')}${op.description ? ` ${code(op.description)}` : ''}</p>${rows(parameters)}${rows(responses)}</section>`;
}

/** The OpenAPI document as one page: no script, nothing from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const sections = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]) => operation(method, path, op)),
  );
  const { title, version, description = '' } = document.info;
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}: the API</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}: the API</h1><p>${code(description)}</p>
<p>Version ${escape(version)}. The same for machines: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
${sections.join('\n')}</main></body></html>`;
}
