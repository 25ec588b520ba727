import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { CATALOGUE_VERSION, isMetricName } from '#shared/model/metrics.ts';
import { dayEnd, localDate, type EpochMs } from '#shared/model/time.ts';
import { QUARTERS } from '../domain/normal/day-fold.ts';
import { createDayProfile, type DayProfile, type ProfileRow } from '../domain/normal/day-profile.ts';
import type { DayClass } from '../domain/normal/day-class.ts';
import { describe } from './errors.ts';

/** Yesterday's, for a start just after midnight that lives through the last minutes again; today's; tomorrow's. */
const FILES_KEPT = 3;
const MAGIC = 'headroom-normal-1\n';
const HASH_BYTES = 32;
/** Of a row: places of site, metric and words, days, class, source. Then its quarters, lowest byte first. */
const HEAD_BYTES = 12;
const ROW_BYTES = HEAD_BYTES + QUARTERS * 4;

const HeadSchema = Type.Object({
  system: Type.String(),
  run: Type.String(),
  catalogue: Type.Integer(),
  day: Type.Number(),
  from: Type.Number(),
  sites: Type.Array(Type.String()),
  metrics: Type.Array(Type.String()),
  alike: Type.Array(Type.String()),
  rows: Type.Integer({ minimum: 0 }),
});

export interface NormalFilesLogger {
  warn(context: object, message: string): void;
}

/** Profiles as files beside the journal: a start without the database has the same normals, and living again does too. */
export interface NormalFiles {
  /** Days that end after `since`, as far as they can be read and belong to this system and run; the rest is said. */
  load(since: EpochMs): DayProfile[];
  /** On disk when it returns. Throws what the file system throws. */
  save(profile: DayProfile): void;
}

export function createNormalFiles(options: {
  readonly folder: string;
  readonly system: string;
  readonly run: string;
  readonly logger: NormalFilesLogger;
}): NormalFiles {
  const { folder, system, run, logger } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = () =>
    readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d-\d\d\.normal$/.test(name))
      .sort();
  return {
    load(since) {
      const wanted = names().filter((name) => name >= localDate(since));
      return wanted.flatMap((name): DayProfile[] => {
        const profile = readProfile(join(folder, name), system, run);
        if (typeof profile !== 'string') return [profile];
        logger.warn({ type: 'normals.file', file: name, reason: profile }, 'A file of own normals is left out.');
        return [];
      });
    },
    save(profile) {
      const path = join(folder, `${localDate(profile.day)}.normal`);
      writeFileSync(`${path}.tmp`, encode(profile, system, run), { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
      for (const name of names().slice(0, -FILES_KEPT)) rmSync(join(folder, name), { force: true });
    },
  };
}

/** Places of texts in a list that grows as they come. */
function places() {
  const found = new Map<string, number>();
  return {
    of(text: string): number {
      const known = found.get(text) ?? found.size;
      found.set(text, known);
      return known;
    },
    list: () => [...found.keys()],
  };
}

function encode(profile: DayProfile, system: string, run: string): Buffer {
  const [sites, metrics, alike] = [places(), places(), places()];
  const body = Buffer.alloc(profile.size * ROW_BYTES);
  let at = 0;
  for (const row of profile.rows()) {
    body.writeUInt16LE(sites.of(row.site), at);
    body.writeUInt16LE(metrics.of(row.metric), at + 2);
    body.writeUInt16LE(alike.of(row.alike), at + 4);
    body.writeUInt16LE(row.days, at + 6);
    body.writeUInt16LE(row.kind, at + 8);
    body.writeUInt16LE(row.source === 'own' ? 0 : 1, at + 10);
    const { buffer, byteOffset, byteLength } = row.usual;
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at + HEAD_BYTES);
    at += ROW_BYTES;
  }
  const head = JSON.stringify({
    ...{ system, run, catalogue: CATALOGUE_VERSION, day: profile.day, from: profile.from },
    ...{ sites: sites.list(), metrics: metrics.list(), alike: alike.list(), rows: profile.size },
  });
  const whole = Buffer.concat([Buffer.from(`${MAGIC}${head}\n`), body]);
  return Buffer.concat([createHash('sha256').update(whole).digest(), whole]);
}

/** The profile, or why it is none. */
function readProfile(path: string, system: string, run: string): DayProfile | string {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    return describe(error);
  }
  const whole = file.subarray(HASH_BYTES);
  if (!createHash('sha256').update(whole).digest().equals(file.subarray(0, HASH_BYTES))) return 'it is damaged';
  if (!whole.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) return 'it is of another version';
  const headEnds = whole.indexOf('\n', MAGIC.length);
  const head: unknown = JSON.parse(whole.toString('utf8', MAGIC.length, headEnds));
  if (!Value.Check(HeadSchema, head)) return 'its head is not as it should be';
  if (head.system !== system || head.run !== run) return 'it is of another run';
  if (head.catalogue !== CATALOGUE_VERSION) return 'it is of another catalogue of metrics';
  const body = whole.subarray(headEnds + 1);
  if (body.length !== head.rows * ROW_BYTES) return 'it is too short';
  const rows = Array.from({ length: head.rows }, (_, i) => rowAt(body, i * ROW_BYTES, head)).filter((r) => r !== null);
  return createDayProfile(spanOf(head.day, head.from), rows);
}

const spanOf = (day: EpochMs, from: EpochMs) => ({ day, from, end: dayEnd(day) });

function rowAt(
  body: Buffer,
  at: number,
  head: { readonly sites: readonly string[]; readonly metrics: readonly string[]; readonly alike: readonly string[] },
): ProfileRow | null {
  const metric = head.metrics[body.readUInt16LE(at + 2)] ?? '';
  if (!isMetricName(metric)) return null;
  const usual = new Float32Array(QUARTERS);
  body.copy(new Uint8Array(usual.buffer), 0, at + HEAD_BYTES, at + ROW_BYTES);
  return {
    site: head.sites[body.readUInt16LE(at)] ?? '',
    metric,
    alike: head.alike[body.readUInt16LE(at + 4)] ?? '',
    days: body.readUInt16LE(at + 6),
    kind: body.readUInt16LE(at + 8) as DayClass,
    source: body.readUInt16LE(at + 10) === 0 ? 'own' : 'peers',
    usual,
  };
}
