/** The JSON value of a body; null when it isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What stands at a path of objects and lists; undefined when nothing does. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** A text or a number as text, cut to `lengthMax`; null for anything else and for nothing. */
export function textOf(value: unknown, lengthMax: number): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text.slice(0, lengthMax) : null;
}
