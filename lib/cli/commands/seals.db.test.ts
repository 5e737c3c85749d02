import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { runCommand } from "../run-command";

const { db, owner } = await useDatabase({ alone: true });
const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-seals-"));
const out = path.join(home, "seals.jsonl");
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

let printed: string[] = [];
beforeEach(async () => {
  printed = [];
  const { walletId } = await createUser(db);
  await fundWallet(db, walletId, money(5_000n, "XOF"));
});

function run(name: string, values: Record<string, unknown> = {}): Promise<number> {
  const context = createContext(db, { kind: "system" });
  return runCommand({ context, sandboxOrigin: null, print: (line) => void printed.push(line) }, name, values);
}

test("seal seals what is new, and says when nothing is", async () => {
  expect(await run("seal")).toBe(0);
  expect(await run("seal")).toBe(0);
  expect(printed).toEqual([
    expect.stringMatching(/^Sealed, in \d+ ranges\.$/),
    "There was nothing new to seal.",
  ]);
});

test("seals export writes a file for its owner alone, which says nothing of people", async () => {
  await run("seal");
  expect(await run("seals export", { out, "with-postings": true })).toBe(0);
  expect(fs.statSync(out).mode & 0o777).toBe(0o600);
  const text = fs.readFileSync(out, "utf8");
  expect(text).toContain('{"posting":');
  expect(text).not.toContain('"phone"');
  expect(text).not.toContain("+226");
  expect(printed.at(-1)).toBe(text.trimEnd().split("\n").at(-1));
  await run("seals export", { out: null, "with-postings": false });
  expect(printed.at(-1)).toMatch(/^{"head":"\d+","root":"[0-9a-f]{64}"}$/);
  expect(printed.join("\n")).not.toContain('{"posting":');
});

test("seals verify says what holds, and names the seal and the row that don't", async () => {
  await run("seal");
  await run("seals export", { out, "with-postings": true });
  printed = [];
  expect(await run("seals verify", { against: out })).toBe(0);
  expect(printed).toEqual([
    expect.stringMatching(/^All \d+ sealed ranges hold\. Head \d+, root [0-9a-f]{64}$/),
  ]);
  const shift = (sign: string) =>
    owner.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql.unsafe(`update ledger_entries set occurred_at = occurred_at ${sign} interval '1 day'
        where id = (select max(id) from ledger_entries)`);
    });
  await shift("-");
  try {
    expect(await run("seals verify", { against: out })).toBe(1);
  } finally {
    await shift("+");
  }
  expect(printed[1]).toMatch(/^✗ Seal \d+, entries \d+ to \d+, covers other rows than it sealed\.$/);
  expect(printed[2]).toMatch(/^ {4}was {"entry":/);
  expect(printed[3]).toMatch(/^ {4}is {2}{"entry":/);
});

test("seals verify refuses a file that can't be read, and one that is no export", async () => {
  await run("seal");
  const missing = run("seals verify", { against: path.join(home, "none") });
  await expect(missing).rejects.toThrow("can't be read");
  fs.writeFileSync(out, "{}\n");
  await expect(run("seals verify", { against: out })).rejects.toThrow("This is no export of seals.");
});

test("audit hashes all that is sealed when it is a full one", async () => {
  await run("audit", { full: false });
  await run("audit", { full: true });
  const lines = printed.filter((line) => line.includes("invariant 13"));
  expect(lines).toHaveLength(6);
  expect(lines.every((line) => line.includes(" 0 breaches"))).toBe(true);
  expect(printed.filter((line) => line.includes("what its newest event says"))).toHaveLength(1);
});

test.each<[string, Record<string, unknown>]>([
  ["seal", {}],
  ["seals export", { out: null, "with-postings": false }],
  ["seals verify", { against: null }],
])("%s is refused for any actor but the system", async (name, values) => {
  const { context } = await createUser(db);
  const print = (line: string) => void printed.push(line);
  const refused = runCommand({ context, sandboxOrigin: null, print }, name, values);
  await expect(refused).rejects.toThrow("Refused: unauthenticated.");
  expect(printed).toEqual([]);
});
