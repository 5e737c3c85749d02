/** The command can't be understood; its message says what is wrong. */
export class UsageError extends Error {
  override name = "UsageError";
}

export interface Words {
  /** What isn't a flag, in order. */
  given: string[];
  /** `--name value`, by name without its dashes; a flag without a value has an empty one. */
  flags: Map<string, string>;
}

/** Which flags a command has: those with a value after them, and those without. */
export interface Flags {
  values?: readonly string[];
  bare?: readonly string[];
}

/** Throws UsageError for a flag that the command doesn't have, or that lacks its value. */
export function splitWords(name: string, words: readonly string[], allowed: Flags = {}): Words {
  const given: string[] = [];
  const flags = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const flag = word.slice(2);
    if (!word.startsWith("-")) given.push(word);
    else if (word === `--${flag}` && allowed.bare?.includes(flag)) flags.set(flag, "");
    else if (word === `--${flag}` && allowed.values?.includes(flag)) {
      const value = rest.shift()?.trim();
      if (value === undefined || value === "") throw new UsageError(`--${flag} needs a value.`);
      flags.set(flag, value);
    } else throw new UsageError(`${name} has no flag ${word}.`);
  }
  return { given, flags };
}

/** The only word. Throws UsageError, naming `what` is missing. */
export function one(given: readonly string[], name: string, what: string): string {
  only(given, 1, name);
  const [value = ""] = given;
  if (value.trim() === "") throw new UsageError(`${name} needs ${what}.`);
  return value.trim();
}

/** Throws UsageError for more words than `most`. */
export function only(given: readonly string[], most: number, name: string): void {
  const extra = given[most];
  if (extra !== undefined) throw new UsageError(`${name} doesn't know what to do with ${extra}.`);
}

/** Throws UsageError. */
export function toId(text: string): bigint {
  if (!/^[1-9][0-9]{0,17}$/.test(text)) throw new UsageError(`${text} is no id: a whole number above zero.`);
  return BigInt(text);
}
