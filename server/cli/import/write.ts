import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { PublishedMonth } from '#shared/model/definition.ts';
import { PUBLISHED_COLUMNS } from '../../definition/published-file.ts';
import { SITE_COLUMNS, SITE_COLUMNS_OPTIONAL } from '../../definition/sites-file.ts';
import type { SiteDraft } from './site.ts';

/** Writes the files of a definition. Made files say how they were made. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

export function yamlText(comment: readonly string[], value: unknown): string {
  return `${comment.map((line) => `# ${line}\n`).join('')}${stringify(value, { lineWidth: 110, aliasDuplicateObjects: false })}`;
}

/** The optional column stands last, and only where some site has it. */
export function sitesText(sites: readonly SiteDraft[]): string {
  const rated = sites.some((site) => (site.deprivation ?? null) !== null);
  return csvText(
    rated ? [...SITE_COLUMNS, ...SITE_COLUMNS_OPTIONAL] : SITE_COLUMNS,
    sites.map((site) => [
      site.code,
      site.name,
      site.kind,
      site.parent,
      site.list,
      site.at?.lat,
      site.at?.lon,
      '',
      site.wteGp,
      site.opening,
      site.services.join('; '),
      Object.entries(site.identifiers)
        .map(([key, value]) => `${key}=${value}`)
        .join(';'),
      site.validFrom,
      '',
      ...(rated ? [site.deprivation] : []),
    ]),
  );
}

export function publishedText(months: readonly PublishedMonth[]): string {
  const sorted = months.toSorted((a, b) => a.site.localeCompare(b.site) || a.month.localeCompare(b.month));
  return csvText(
    PUBLISHED_COLUMNS,
    sorted.map((m) => [
      m.site,
      m.month,
      m.basis,
      m.inbound,
      m.answered,
      m.endedInIvr,
      m.callbackRequested,
      m.callbackMade,
      m.missed,
      ...m.answeredWait,
      ...m.missedWait,
      m.online,
    ]),
  );
}

type Cell = string | number | null | undefined;

function csvText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const quote = (cell: Cell) => {
    const text = cell === null || cell === undefined ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[columns, ...rows].map((row) => row.map(quote).join(',')).join('\n')}\n`;
}
