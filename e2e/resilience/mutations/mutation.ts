/** One deliberate defect in the source. */
export interface Mutation {
  /** The wrong behaviour that it causes. */
  name: string;
  /** Path from the repository's root. */
  file: string;
  /** Must stand exactly once in the file. */
  find: string;
  replace: string;
  /** Test files that must catch it, as paths from the repository's root: the narrowest that do. */
  tests: readonly string[];
  /** Runs only tests whose full name contains this; for slow test files. */
  only?: string;
}

/** Mutations of one file that the same test files must catch. */
export function mutationsOf(
  file: string,
  tests: readonly string[],
  mutations: readonly Omit<Mutation, "file" | "tests">[],
): Mutation[] {
  return mutations.map((mutation) => ({ ...mutation, file, tests }));
}
