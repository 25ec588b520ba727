import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../domain/error-code.ts';
import type { Faults, Report } from './faults.ts';

export interface FolderTexts {
  readonly system: string | null;
  readonly sites: string | null;
  readonly feeds: string | null;
  readonly rules: string | null;
  readonly redirection: string | null;
  readonly published: string | null;
  /** Mappings (`*.jsonata`) by file name. */
  readonly mappings: ReadonlyMap<string, string>;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** The texts of a definition's files; null where one is missing (redirection.yaml and published.csv may be) or is no text. */
export async function readFolder(folder: string, faults: Faults): Promise<FolderTexts> {
  const read = (name: string, required: boolean) => readText(join(folder, name), required, faults.of(name));
  const [system, sites, feeds, rules, redirection, published] = await Promise.all([
    read('system.yaml', true),
    read('sites.csv', true),
    read('feeds.yaml', true),
    read('rules.yaml', true),
    read('redirection.yaml', false),
    read('published.csv', false),
  ]);
  return { system, sites, feeds, rules, redirection, published, mappings: await readMappings(folder, faults) };
}

async function readMappings(folder: string, faults: Faults): Promise<Map<string, string>> {
  const mappings = new Map<string, string>();
  for (const name of (await namesIn(folder)).filter((name) => name.endsWith('.jsonata')).sort()) {
    const text = await readText(join(folder, name), true, faults.of(name));
    if (text !== null) mappings.set(name, text);
  }
  return mappings;
}

/** A folder that cannot be listed has its faults told file by file. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) !== '') return [];
    throw error;
  }
}

async function readText(path: string, required: boolean, report: Report): Promise<string | null> {
  try {
    if ((await stat(path)).size > MAX_BYTES) {
      report(1, `the file is larger than ${MAX_BYTES / 1024 / 1024} MB`);
      return null;
    }
    return decode(await readFile(path), report);
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    if (code !== 'ENOENT') report(1, `the file cannot be read (${code})`);
    else if (required) report(1, 'the file is missing');
    return null;
  }
}

/** Spreadsheets on Windows like to save Windows-1252: read as UTF-8 it would quietly damage names. */
function decode(bytes: Uint8Array, report: Report): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = new TextDecoder('utf-8').decode(bytes);
    const line = text.slice(0, text.indexOf('\uFFFD')).split('\n').length;
    report(line, 'the file is not UTF-8 here; save it as "CSV UTF-8"');
    return null;
  }
}
