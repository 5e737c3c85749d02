import type { Database } from "@/db/client";
import { compareWithExport } from "./compare-with-export";
import { PROBLEMS_MAX, ROWS_A_STATEMENT, SEALS_A_PAGE } from "./policy";
import { type BrokenSeal, findBrokenLinks, findBrokenRanges, readSealHead, readSeals } from "./store";
import type { SealProblem, SealReport } from "./view";

export interface Verification {
  /** An earlier export, opened anew each time; what it has and we haven't is found too. */
  earlier?: () => AsyncIterable<string>;
  /** Called with the number of ranges hashed so far. */
  onProgress?: (ranges: number) => void;
}

/**
 * Hashes every sealed range again and walks the whole chain; answers the seals that don't hold. Changes nothing. Throws
 * ExportError for an export that can't be read.
 */
export async function verifySeals(
  db: Database,
  { earlier, onProgress = () => {} }: Verification = {},
): Promise<SealReport> {
  const head = await readSealHead(db);
  const problems = (await findBrokenLinks(db, PROBLEMS_MAX)).map(toProblem);
  let ranges = 0;
  for await (const [first, last, count] of pagesOfSeals(db)) {
    for (const broken of await findBrokenRanges(db, first, last)) problems.push(toProblem(broken));
    ranges += count;
    onProgress(ranges);
  }
  if (earlier) problems.push(...(await compareWithExport(db, earlier, problems)));
  problems.sort((a, b) => (a.number < b.number ? -1 : a.number > b.number ? 1 : 0));
  return { head, ranges, problems: problems.slice(0, PROBLEMS_MAX) };
}

/** Numbers of the seals that one statement hashes, and how many they are. */
async function* pagesOfSeals(db: Database): AsyncGenerator<[bigint, bigint, number]> {
  for (let after = 0n; ; ) {
    const seals = await readSeals(db, after, SEALS_A_PAGE);
    let [first, rows, count] = [after + 1n, 0n, 0];
    for (const seal of seals) {
      rows += seal.rows;
      count += 1;
      after = seal.number;
      if (rows < ROWS_A_STATEMENT) continue;
      yield [first, after, count];
      [first, rows, count] = [after + 1n, 0n, 0];
    }
    if (count > 0) yield [first, after, count];
    if (seals.length < SEALS_A_PAGE) return;
  }
}

function toProblem({ rows, ...broken }: BrokenSeal): SealProblem {
  return { ...broken, rowsSealed: rows, differences: [] };
}
