import { RulesSchema, type Rules } from '#shared/model/rules.ts';
import { contentFaults } from '../domain/rules/check.ts';
import type { Report } from './faults.ts';
import { readYaml } from './read-yaml.ts';

/** Reads and checks rules.yaml: by the same checks as rules that are published on the screen. */
export function readRules(text: string, report: Report): Rules | null {
  const file = readYaml(text, RulesSchema, report);
  if (!file) return null;
  for (const { path, message } of contentFaults(file.value)) report(file.line(...path), message);
  return file.value;
}
