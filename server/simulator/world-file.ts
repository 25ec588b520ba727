import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { DefinitionSchema, NationalSchema, type Definition, type National } from '#shared/model/definition.ts';
import { ScenarioSchema, type Scenario } from '#shared/model/scenario.ts';

const WorldFileSchema = Type.Object({
  definition: DefinitionSchema,
  national: NationalSchema,
  scenario: Type.Union([ScenarioSchema, Type.Null()]),
});

const checked = Compile(WorldFileSchema);

/** What the supervisor hands to the simulator as `simulation.json`. */
export interface WorldFile {
  readonly definition: Definition;
  readonly national: National;
  readonly scenario: Scenario | null;
}

/** Reads and checks the file; throws with the first faults in the message. */
export function readWorldFile(path: string): WorldFile {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (checked.Check(content)) return content;
  const faults = checked.Errors(content).slice(0, 5);
  throw new Error(`WORLD_FILE_INVALID ${faults.map((fault) => `${fault.instancePath} ${fault.message}`).join('; ')}`);
}
