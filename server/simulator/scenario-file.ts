import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { ScenarioSchema, type Scenario } from '#shared/model/scenario.ts';

export type LoadedScenario =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly faults: readonly string[] };

const FOLDER = join(import.meta.dirname, 'scenarios');

/** Names of the scenarios that ship, for help texts. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [])).sort();
}

/** A scenario by the name of one that ships, or by the path of a YAML file. */
export async function loadScenario(nameOrPath: string): Promise<LoadedScenario> {
  const shipped = /^[a-z0-9-]+$/.test(nameOrPath);
  const path = shipped ? join(FOLDER, `${nameOrPath}.yaml`) : isAbsolute(nameOrPath) ? nameOrPath : resolve(nameOrPath);
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!shipped) return { ok: false, faults: [`${path}: ${reasonOf(error)}`] };
    const names = await scenarioNames();
    return { ok: false, faults: [`there is no scenario ${nameOrPath}: choose one of ${names.join(', ')}`] };
  }
  if (!Value.Check(ScenarioSchema, content)) {
    const faults = Value.Errors(ScenarioSchema, content).slice(0, 10);
    return { ok: false, faults: faults.map((fault) => `${path}: ${fault.instancePath || '/'} ${fault.message}`) };
  }
  const backwards = content.events.filter((event) => event.from >= event.to);
  if (backwards.length > 0) {
    return {
      ok: false,
      faults: backwards.map((event) => `${path}: ${event.type} ends before it begins (${event.from} to ${event.to})`),
    };
  }
  return { ok: true, scenario: content };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
