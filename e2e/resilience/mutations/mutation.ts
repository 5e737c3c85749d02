/** One deliberate defect. */
export interface Mutant {
  /** What it does wrong, in a few words. */
  name: string;
  /** From the repository's root. */
  file: string;
  /** Stands exactly once in the file. */
  find: string;
  replace: string;
  /** Test files that must catch it, from the repository's root: the narrowest that do. */
  tests: readonly string[];
  /** Only tests with these words in their full name, where a file is slow. */
  only?: string;
}

/** Defects of one file that the same test files must catch. */
export function defectsIn(
  file: string,
  tests: readonly string[],
  defects: readonly Omit<Mutant, "file" | "tests">[],
): Mutant[] {
  return defects.map((defect) => ({ ...defect, file, tests }));
}
