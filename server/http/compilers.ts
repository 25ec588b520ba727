import { createHash } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifySchemaCompiler, type FastifySerializerCompiler } from 'fastify';

/** How requests are judged: nothing is taken away from them, and what comes as text in an address is made a number. */
const AJV = { customOptions: { removeAdditional: false, coerceTypes: true, discriminator: true } };

/** What a schema asks for, told apart from others: what it is called has no part in that. */
function keyOf(schema: object): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...schema, description: undefined }))
    .digest('base64');
}

/** Makes it once of each schema; there are as many as the routes hold. */
function remembered<Route extends { readonly schema: unknown }, Made>(make: (route: Route) => Made) {
  const made = new Map<string, Made>();
  return (route: Route): Made => {
    const { schema } = route;
    if (typeof schema !== 'object' || schema === null) return make(route);
    const key = keyOf(schema);
    const known = made.get(key) ?? make(route);
    made.set(key, known);
    return known;
  };
}

let compilers: Promise<readonly [FastifySchemaCompiler<unknown>, FastifySerializerCompiler<unknown>]> | null = null;

/** Fastify makes its own compilers for the first route that wants them. */
async function madeOnce() {
  const first = Fastify({ ajv: AJV });
  first.get('/', { schema: { querystring: {}, response: { 200: {} } } }, async () => '');
  await first.ready();
  const { validatorCompiler, serializerCompiler } = first;
  await first.close();
  if (!validatorCompiler || !serializerCompiler) throw new Error('Fastify made no compilers');
  return [remembered(validatorCompiler), remembered(serializerCompiler)] as const;
}

/**
 * Lets all routes share what is made of a schema. Fastify compiles anew for each route and each method, although most
 * of what they answer with is the same: half of the time that a server takes to start.
 */
export async function addCompilers(app: FastifyInstance): Promise<void> {
  compilers ??= madeOnce();
  const [validator, serializer] = await compilers;
  app.setValidatorCompiler(validator);
  app.setSerializerCompiler(serializer);
}
