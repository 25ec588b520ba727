import type Type from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { schemaFaults, type Path } from '../domain/schema-faults.ts';
import type { Report } from './faults.ts';

export interface YamlFile<T> {
  readonly value: T;
  /** Line of the nearest node at or above `path`. */
  line(...path: Path): number;
  /** Line of the `n`th line (from 1) of a text, as far as it is written as a literal block; else its first line. */
  lineWithin(n: number, ...path: Path): number;
}

/** Reads YAML and checks it against `schema`; null with every fault reported when it does not hold. */
export function readYaml<S extends Type.TSchema>(text: string, schema: S, report: Report): YamlFile<Static<S>> | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false });
  for (const error of document.errors) {
    report(lines.linePos(error.pos[0]).line, `not readable as YAML: ${error.message}`);
  }
  let aliases = 0;
  visit(document, {
    // A file that can be read line by line is worth more than a short one; and aliases can be made to grow without end.
    Alias(_, alias) {
      aliases += 1;
      report(lines.linePos(alias.range?.[0] ?? 0).line, `"*${alias.source}": write it out, aliases are not read`);
    },
  });
  if (document.errors.length > 0 || aliases > 0) return null;
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const line = (...path: Path) => lineOf(document, lines, path);
  const faults = schemaFaults(schema, value);
  for (const { path, message } of faults) report(line(...path), message);
  const lineWithin = (n: number, ...path: Path) => {
    const node: unknown = document.getIn(path, true);
    // The block begins on the line after its "|".
    return line(...path) + (isScalar(node) && node.type === 'BLOCK_LITERAL' ? n : 0);
  };
  return faults.length === 0 && Value.Check(schema, value) ? { value, line, lineWithin } : null;
}

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
