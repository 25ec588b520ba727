/**
 * What `@peculiar/x509` wants of the metadata proposal: kept per class and key, inherited. Import it before that package,
 * whose container will not load without.
 */
type Metadata = Map<unknown, unknown>;
const known = new WeakMap<object, Metadata>();

const own = (target: object): Metadata => {
  const metadata = known.get(target) ?? new Map();
  known.set(target, metadata);
  return metadata;
};

Object.assign(Reflect, {
  defineMetadata: (key: unknown, value: unknown, target: object) => void own(target).set(key, value),
  getOwnMetadata: (key: unknown, target: object) => known.get(target)?.get(key),
  getMetadata(key: unknown, target: object): unknown {
    for (let at: object | null = target; at; at = Reflect.getPrototypeOf(at))
      if (known.get(at)?.has(key)) return known.get(at)?.get(key);
    return undefined;
  },
});
