import type { Database } from "@/db/client";
import { EXPORT_FORMAT } from "./export-seals";
import { SEALS_A_PAGE } from "./policy";
import { readSealedLines, readSeals, SEAL_SUBJECTS, type Seal, type SealSubject } from "./store";
import type { RowDifference, SealProblem } from "./view";

/** The file isn't an export of seals. */
export class ExportError extends Error {
  override name = "ExportError";
}

const DIFFERENCES_MAX = 5;

/**
 * What an earlier export has and the database hasn't: the first seal that was rewritten or is missing. Names the
 * rows that differ, of `known` problems too, where the export has them. Throws ExportError.
 */
export async function compareWithExport(
  db: Database,
  earlier: () => AsyncIterable<string>,
  known: SealProblem[],
): Promise<SealProblem[]> {
  const found = await findFirstRewritten(db, earlier);
  const first = [...known, ...found].reduce<SealProblem | null>(
    (oldest, one) => (oldest === null || one.number < oldest.number ? one : oldest),
    null,
  );
  if (first !== null) first.differences = await differencesOf(db, earlier, first);
  return found;
}

async function findFirstRewritten(
  db: Database,
  earlier: () => AsyncIterable<string>,
): Promise<SealProblem[]> {
  let page: Seal[] = [];
  for await (const line of sealLines(earlier())) {
    const was = parseSeal(line);
    if (page.length === 0) page = await readSeals(db, was.number - 1n, SEALS_A_PAGE);
    const is = page.shift();
    if (is?.line === line) continue;
    const isThere = is?.number === was.number;
    const rowsFound = BigInt((await readSealedLines(db, was)).length);
    return [{ ...was, fault: isThere ? "rewritten" : "gone", rowsFound, differences: [] }];
  }
  return [];
}

/** The rows of a seal's range as the export has them, with what they are now. */
async function differencesOf(
  db: Database,
  earlier: () => AsyncIterable<string>,
  problem: SealProblem,
): Promise<RowDifference[]> {
  let covered: string[] = [];
  for await (const line of earlier()) {
    if (!isSeal(line)) {
      if (line !== EXPORT_FORMAT) covered.push(line);
      continue;
    }
    const seal = parseSeal(line);
    // Without its rows there is nothing to compare.
    if (seal.number === problem.number) {
      return BigInt(covered.length) === seal.rowsSealed && seal.rowsSealed > 0n
        ? differ(covered, await readSealedLines(db, seal))
        : [];
    }
    covered = [];
  }
  return [];
}

function differ(was: readonly string[], is: readonly string[]): RowDifference[] {
  const [before, now] = [new Map(was.map(named)), new Map(is.map(named))];
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names]
    .map((name) => ({ was: before.get(name) ?? null, is: now.get(name) ?? null }))
    .filter((row) => row.was !== row.is)
    .slice(0, DIFFERENCES_MAX);
}

/** A line by its kind and id, and a posting by its position too. */
function named(line: string): [string, string] {
  const [first, second] = Object.entries(JSON.parse(line) as Record<string, unknown>);
  const position = first?.[0] === "posting" || first?.[0] === "checkpoint" ? `/${second?.[1]}` : "";
  return [`${first?.[0]} ${first?.[1]}${position}`, line];
}

const isSeal = (line: string) => line.startsWith('{"seal":');

async function* sealLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const line of lines) {
    if (isFirst && line !== EXPORT_FORMAT) throw new ExportError("This is no export of seals.");
    isFirst = false;
    if (isSeal(line)) yield line;
  }
}

/** Throws ExportError. */
function parseSeal(line: string): Omit<SealProblem, "fault" | "rowsFound" | "differences"> {
  try {
    const fields = JSON.parse(line) as Record<string, string>;
    const number = (name: string) => BigInt(fields[name] ?? "none");
    const subject = SEAL_SUBJECTS.find((known) => known === fields.subject) as SealSubject;
    const range = { number: number("seal"), subject, fromId: number("from"), toId: number("to") };
    return { ...range, rowsSealed: number("rows") + number("postings") };
  } catch {
    throw new ExportError("A seal of this export can't be read.");
  }
}
