/** One deliberate defect in the source. */
export interface Mutation {
  /** The wrong behaviour that it causes. */
  name: string;
  /** Path from the repository's root. */
  file: string;
  /** Changes the source of the file. Throws {@link AnchorError} when what it changes isn't there, or is there twice. */
  change: (source: string) => string;
  /** Test files that must catch it, as paths from the repository's root: the narrowest that do. */
  tests: readonly string[];
  /** Runs tests whose full name contains this first: a short cut for slow test files. */
  only?: string;
}

/** A function, clause or node that a mutation names isn't in its file any more, or not only once. */
export class AnchorError extends Error {
  override name = "AnchorError";
}

/** Mutations of one file that the same test files must catch. */
export function mutationsOf(
  file: string,
  tests: readonly string[],
  mutations: readonly Omit<Mutation, "file" | "tests">[],
): Mutation[] {
  return mutations.map((mutation) => ({ ...mutation, file, tests }));
}

/** The only element. Throws {@link AnchorError}, which says `what` was looked for, unless there is exactly one. */
export function theOnly<Element>(found: readonly Element[], what: string): Element {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new AnchorError(`${what}: found ${found.length} times`);
  return first;
}
