import fs from "node:fs";
import { createInterface } from "node:readline";
import { ExportError } from "@/lib/ledger/sealing/compare-with-export";
import { exportSeals } from "@/lib/ledger/sealing/export-seals";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { verifySeals } from "@/lib/ledger/sealing/verify-seals";
import type { RowDifference, SealProblem } from "@/lib/ledger/sealing/view";
import { requireSystem } from "@/lib/services/context";
import { type Deployment, RefusedError } from "./deployment";
import { counted } from "./format";

const FILE_MODE = 0o600;

/** Seals what was written since the last time. */
export async function reportSealing({ context, print }: Deployment): Promise<number> {
  requireSystem(context);
  let made = 0;
  for (let seals = 1; seals > 0; made += seals) seals = await sealLedger(context.db);
  print(made === 0 ? "There was nothing new to seal." : `Sealed, in ${counted(made, "range")}.`);
  return 0;
}

/** Writes the chain to a file that only its owner can read, or prints it. */
export async function reportExport(
  { context, print }: Deployment,
  { out, withPostings }: { out: string | null; withPostings: boolean },
): Promise<number> {
  requireSystem(context);
  const lines = exportSeals(context.db, { withPostings });
  if (out === null) {
    for await (const line of lines) print(line);
    return 0;
  }
  const file = openFile(out, "w");
  let last = "";
  try {
    for await (const line of lines) {
      fs.writeSync(file, `${line}\n`);
      last = line;
    }
  } finally {
    fs.closeSync(file);
  }
  print(`Exported to ${out}. Keep it where the database's administrators can't write. Its head:`);
  print(last);
  return 0;
}

/** Hashes all that is sealed again. Answers 1 when something differs, else 0. */
export async function reportVerification(
  { context, print }: Deployment,
  { against }: { against: string | null },
): Promise<number> {
  requireSystem(context);
  if (against !== null) fs.closeSync(openFile(against, "r"));
  const earlier = () =>
    createInterface({ input: fs.createReadStream(against ?? ""), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    const report = await verifySeals(context.db, against === null ? {} : { earlier });
    for (const problem of report.problems) for (const line of linesOf(problem)) print(line);
    if (report.problems.length > 0) return 1;
    const { head, ranges } = report;
    print(
      head === null
        ? "Nothing is sealed yet."
        : `All ${counted(ranges, "sealed range")} hold. Head ${head.number}, root ${head.root}`,
    );
    return 0;
  } catch (error) {
    if (error instanceof ExportError) throw new RefusedError(error.message);
    throw error;
  }
}

const WORDS: Record<SealProblem["fault"], string> = {
  chain: "doesn't follow from the seals before it: the chain itself was changed here",
  rows: "covers other rows than it sealed",
  rewritten: "is another one than was exported: the chain was made anew from here on",
  gone: "was exported and is gone: the chain was cut here",
};

function linesOf({ number, subject, fromId, toId, fault, ...problem }: SealProblem): string[] {
  const { rowsSealed, rowsFound, differences } = problem;
  const count = rowsSealed === rowsFound ? "" : ` (${rowsSealed} rows sealed, ${rowsFound} found)`;
  return [
    `✗ Seal ${number}, ${subject} ${fromId} to ${toId}, ${WORDS[fault]}${count}.`,
    ...differences.flatMap(({ was, is }: RowDifference) => [
      `    was ${was ?? "not there"}`,
      `    is  ${is ?? "gone"}`,
    ]),
  ];
}

function openFile(path: string, flags: "r" | "w"): number {
  try {
    return fs.openSync(path, flags, FILE_MODE);
  } catch {
    throw new RefusedError(`${path} can't be ${flags === "w" ? "written" : "read"}.`);
  }
}
