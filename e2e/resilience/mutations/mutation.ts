// A mutation names what it changes by the statement that holds it and by one clause in there, so that it survives every other
// edit of the file. White space and case don't matter. One whose place is gone is reported by the run.

/** One deliberate defect in the source. */
export interface Mutation {
  /** The wrong behaviour that it causes. */
  name: string;
  /** Path from the repository's root. */
  file: string;
  /**
   * The name of a function or constant at the top of a TypeScript file, or how a statement of a migration begins after
   * `create`, without quotes: `function ledger_post(`.
   */
  statement: string;
  clause: string;
  replacement: string;
  /** The test file that must catch it, as a path from the repository's root: the narrowest that does. */
  test: string;
}

/** A statement or clause that a mutation names isn't in its file any more, or not only once. */
export class AnchorError extends Error {
  override name = "AnchorError";
}

/**
 * Reads a list of mutations: a line `# file | statement | test` and then, for each wrong behaviour, its name, a line `- clause` and,
 * unless the clause is removed, a line `+ replacement`. The test is a path from the repository's root, or a file beside the source.
 */
export function mutationsIn(list: string): Mutation[] {
  const [, ...groups] = list.split(/^# /m);
  return groups.flatMap((group) => {
    const [head = "", ...lines] = group.trim().split("\n");
    const [file = "", statement = "", test = ""] = head.split(" | ");
    const path = test.includes("/") ? test : `${file.slice(0, file.lastIndexOf("/"))}/${test}`;
    const all = [...lines.join("\n").matchAll(/^(?![-+] )(.+)\n- (.+)(?:\n\+ (.+))?/gm)];
    return all.map(([, name = "", clause = "", replacement = ""]) => {
      return { name, file, statement, clause, replacement, test: path };
    });
  });
}

/** The source with its defect. Throws {@link AnchorError} when the place isn't there, or is there twice. */
export function mutate(
  source: string,
  { file, statement, clause, replacement }: Omit<Mutation, "name" | "test">,
): string {
  const isSql = file.endsWith(".sql");
  const all = isSql ? source.split(BREAKPOINT).flatMap(splitGrants) : source.split(TOP_LEVEL);
  const isWanted = (text: string) =>
    isSql ? beginningOf(text).startsWith(statement) : declares(text, statement);
  const found = theOnly(all.filter(isWanted), `a statement "${statement}"`);
  const { 0: match, index } = theOnly([...found.matchAll(patternOf(clause))], `the clause "${clause}"`);
  if (!isSql) checkNames(source, replacement);
  const mutated = found.slice(0, index) + replacement + found.slice(index + match.length);
  return source.replace(found, () => mutated);
}

const BREAKPOINT = /-->\s*statement-breakpoint/;
/** Biome indents everything but the beginnings and ends of top-level statements. */
const TOP_LEVEL = /^(?=[a-z])/m;

/** Grants stand several to a statement-breakpoint. */
function splitGrants(statement: string): string[] {
  return beginningOf(statement).startsWith("grant") ? statement.split(/(?<=;)/) : [statement];
}

/** A statement without leading comments, quotes and `create`, in lower case and with single spaces. */
function beginningOf(statement: string): string {
  const text = statement.replaceAll(/--.*$/gm, "").replaceAll('"', "").replaceAll(/\s+/g, " ");
  return text
    .trim()
    .toLowerCase()
    .replace(/^create (or replace )?/, "");
}

function declares(statement: string, name: string): boolean {
  return new RegExp(`^(export )?(async )?(function|const) ${name}\\b`).test(statement);
}

/** The clause with any white space between its words and signs. */
function patternOf(clause: string): RegExp {
  const tokens = clause.match(/[\w$]+|[^\s\w$]/g);
  if (tokens === null) throw new AnchorError("a clause is empty");
  const escaped = tokens.map((token) => token.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.join("\\s*"), "gi");
}

/** A name that the file lacks would fail every test, and the mutation would count as caught. */
function checkNames(source: string, replacement: string): void {
  const known = new Set(source.match(/[\w$]+/g));
  const unknown = replacement.match(/[\w$]+/g)?.find((word) => !known.has(word) && !ALLOWED.has(word));
  if (unknown !== undefined) throw new AnchorError(`the file has no ${unknown}, which the mutation uses`);
}

const ALLOWED = new Set(["as", "false", "never", "null", "throw", "1"]);

function theOnly<Element>(found: readonly Element[], what: string): Element {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new AnchorError(`${what}: found ${found.length} times`);
  return first;
}
