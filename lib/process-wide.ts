/**
 * The one value of this process by that name, made at its first use. On globalThis: the server in front of Next and each bundle
 * of Next's have their own copy of a module, and counters in a module would count each for itself.
 */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`cauris.${name}`);
  const kept: { value: T } | undefined = Reflect.get(globalThis, key);
  if (kept) return kept.value;
  const made = { value: make() };
  Reflect.set(globalThis, key, made);
  return made.value;
}
