import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { rollCheckpoints } from "@/lib/ledger/checkpoints";
import { money } from "@/lib/money/money";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { ExportError } from "./compare-with-export";
import { exportSeals } from "./export-seals";
import { sealLedger } from "./seal-ledger";
import { callLedgerSeal, readSealHead } from "./store";
import { verifySeals } from "./verify-seals";

const { db, owner } = await useDatabase({ alone: true });
const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-seals-"));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const SCRIPT = fileURLToPath(new URL("./verify-export.mjs", import.meta.url));
let awa: TestUser;
let issa: TestUser;

beforeAll(async () => {
  [awa, issa] = await Promise.all([createUser(db), createUser(db)]);
  await live();
  await rollCheckpoints(db);
  await sealAll();
});

/** A deposit and thirty transfers. */
async function live(): Promise<void> {
  await fundWallet(db, awa.walletId, money(10_000n, "XOF"));
  const transfer = { walletNumber: issa.walletNumber, amount: money(10n, "XOF") };
  await sendTransfers(awa.context, { transfers: Array(30).fill(transfer), key: newKey() });
}

async function sealAll(rangeIds = 500): Promise<void> {
  while ((await sealLedger(db, { rangeIds })) > 0);
}

async function exportLines(withPostings = true): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportSeals(db, { withPostings })) lines.push(line);
  return lines;
}

const reader = (lines: readonly string[]) =>
  async function* () {
    yield* lines;
  };

async function isSealedTo(subject: string): Promise<bigint> {
  const [row] = await owner<{ id: string }[]>`
    select coalesce(max(to_id), 0) as id from ledger_seals where subject = ${subject}`;
  return BigInt(row?.id ?? 0);
}

/** What is found after a superuser's change, which is taken back. */
async function afterChange<T>(change: string, look: () => Promise<T>): Promise<T> {
  await owner.unsafe(
    `create table saved_seals as table ledger_seals; create table saved_postings as table ledger_postings`,
  );
  const asSuperuser = (text: string) =>
    owner.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql.unsafe(text);
    });
  try {
    await asSuperuser(change);
    return await look();
  } finally {
    await asSuperuser(`delete from ledger_seals; insert into ledger_seals table saved_seals;
      delete from ledger_postings; insert into ledger_postings table saved_postings`);
    await owner.unsafe("drop table saved_seals; drop table saved_postings");
  }
}

describe("sealing", () => {
  it("covers every row once, at any concurrency, without a gap", async () => {
    await live();
    const head = await readSealHead(db);
    const made = await Promise.all(Array.from({ length: 8 }, () => sealLedger(db, { rangeIds: 7 })));
    const total = made.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(4);
    expect((await readSealHead(db))?.number).toBe((head?.number ?? 0n) + BigInt(total));
    await sealAll();
    const [row] = await owner<{ entries: string; sealed: string; postings: string; covered: string }[]>`
      select (select count(*) from ledger_entries) as entries, (select count(*) from ledger_postings) as postings,
        sum(row_count) as sealed, sum(posting_count) as covered from ledger_seals where subject = 'entries'`;
    expect(row?.sealed).toBe(row?.entries);
    expect(row?.covered).toBe(row?.postings);
    expect((await verifySeals(db)).problems).toEqual([]);
  });

  it("seals a checkpoint only after its account", async () => {
    await sealAll();
    await fundWallet(db, awa.walletId, money(7n, "NGN"));
    await rollCheckpoints(db);
    const seal = async (subject: string) => {
      const [row] = await owner<
        { number: string | null }[]
      >`select ledger_seal(${subject}, 100000) as number`;
      return row?.number ?? null;
    };
    const [newest] = await owner<{ id: string }[]>`select max(entry_id) as id from ledger_checkpoints`;
    // The provider's account in naira is new.
    await seal("checkpoints");
    expect(await isSealedTo("checkpoints")).toBeLessThan(BigInt(newest?.id ?? 0));
    expect(await seal("accounts")).not.toBeNull();
    await seal("checkpoints");
    expect(await isSealedTo("checkpoints")).toBe(BigInt(newest?.id ?? 0));
    await sealAll();
  });

  it("seals nothing when nothing is new, and continues in another process", async () => {
    await sealAll();
    const before = await readSealHead(db);
    expect(await sealLedger(db)).toBe(0);
    expect(await readSealHead(db)).toEqual(before);
    await live();
    // A connection of its own, as after a restart.
    const later = postgres(connectionUrl(), { max: 1 });
    const [row] = await later<{ number: string }[]>`select ledger_seal('entries', 100) as number`;
    await later.end();
    expect(BigInt(row?.number ?? 0)).toBe((before?.number ?? 0n) + 1n);
    expect((await verifySeals(db)).problems).toEqual([]);
  });

  it.each([
    ["entries", "ledger_entries", "select nextval('ledger_entries_id_seq')"],
    ["operations", "ledger_entries", "select nextval('operations_id_seq')"],
    ["events", "operation_events", "select nextval('operation_events_id_seq')"],
    ["accounts", "ledger_accounts", "select nextval('ledger_accounts_id_seq')"],
  ] as const)(
    "never closes a range of %s that an open transaction may still add to",
    async (subject, table, draw) => {
      await sealAll();
      const sealed = await isSealedTo(subject);
      const open = postgres(connectionUrl(), { max: 1 });
      try {
        await open.unsafe("begin");
        await open.unsafe(`lock table ${table} in row exclusive mode`);
        await open.unsafe(draw);
        // Somebody else's are committed above the id that is drawn.
        await createUser(db);
        await live();
        // Entries wait for the accounts that they move money of.
        if (subject !== "accounts") await callLedgerSeal(db, "accounts", 500);
        expect(await callLedgerSeal(db, subject, 500)).toBeNull();
        expect(await isSealedTo(subject)).toBe(sealed);
        await open.unsafe("rollback");
        expect(await callLedgerSeal(db, subject, 500)).not.toBeNull();
        expect(await isSealedTo(subject)).toBeGreaterThan(sealed);
      } finally {
        await open.end();
      }
    },
  );

  it("doesn't block postings", async () => {
    const open = postgres(connectionUrl(), { max: 1 });
    try {
      await open.unsafe("begin; lock table ledger_entries in row exclusive mode");
      await live();
      const sealing = sealLedger(db);
      await live();
      await open.unsafe("rollback");
      await sealing;
    } finally {
      await open.end();
    }
  });

  it("refuses a snapshot that can't see transactions that ended since", async () => {
    const old = db.$client.begin(
      "isolation level repeatable read",
      (sql) => sql`select ledger_seal('entries', 10)`,
    );
    await expect(old).rejects.toThrow("only in a read committed transaction");
  });

  it.each([
    "insert into ledger_seals select * from ledger_seals limit 1",
    "update ledger_seals set sealed_at = now()",
    "delete from ledger_seals",
    "truncate ledger_seals",
  ])("its seals can't be changed by the application, nor by the owner: %s", async (statement) => {
    await expect(db.$client.unsafe(statement)).rejects.toThrow("permission denied");
    if (!statement.startsWith("insert")) await expect(owner.unsafe(statement)).rejects.toThrow("append-only");
  });
});

function connectionUrl(): string {
  const { host, port, user, database, pass } = owner.options;
  return `postgres://${user}:${encodeURIComponent(String(pass))}@${host[0]}:${port[0]}/${database}`;
}

describe("verifying", () => {
  const CHANGE =
    "update ledger_postings set amount = amount + 1 where entry_id = (select min(entry_id) + 2 from ledger_postings)";

  it("names the seal whose rows were changed, and with an export the row", async () => {
    await sealAll();
    const lines = await exportLines();
    const { problems } = await afterChange(CHANGE, () => verifySeals(db, { earlier: reader(lines) }));
    expect(problems).toMatchObject([{ subject: "entries", fault: "rows" }]);
    const [{ was, is } = { was: null, is: null }] = problems[0]?.differences ?? [];
    expect(JSON.parse(was ?? "{}").posting).toBe(JSON.parse(is ?? "{}").posting);
    expect(BigInt(JSON.parse(is ?? "{}").amount)).toBe(BigInt(JSON.parse(was ?? "{}").amount) + 1n);
  });

  it("finds a chain that was cut only when compared with an export", async () => {
    await sealAll();
    const lines = await exportLines(false);
    const cut = "delete from ledger_seals where number = (select max(number) from ledger_seals)";
    const [alone, compared] = await afterChange(cut, async () => [
      await verifySeals(db),
      await verifySeals(db, { earlier: reader(lines) }),
    ]);
    expect(alone.problems).toEqual([]);
    expect(compared.problems).toMatchObject([{ fault: "gone" }]);
  });

  it("accepts a chain that continues an earlier export, and refuses a file that is no export", async () => {
    await sealAll();
    const lines = await exportLines();
    await live();
    await sealAll();
    expect((await verifySeals(db, { earlier: reader(lines) })).problems).toEqual([]);
    const other = verifySeals(db, { earlier: reader(["{}", "{}"]) });
    await expect(other).rejects.toThrow(ExportError);
  });
});

describe("verify-export.mjs", () => {
  const run = promisify(execFile);
  const save = (name: string, lines: readonly string[]) => {
    const file = path.join(home, name);
    fs.writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
  };
  const refusal = async (lines: readonly string[], ...more: string[]): Promise<string> =>
    await run(process.execPath, [SCRIPT, save("tampered.jsonl", lines), ...more]).then(
      ({ stdout }) => stdout,
      (error: { code: number; stderr: string }) => `${error.code}: ${error.stderr}`,
    );

  it("verifies an export, and prints its balances, without any import", async () => {
    await sealAll();
    const file = save("export.jsonl", await exportLines());
    await live();
    await sealAll();
    const later = save("later.jsonl", await exportLines());
    const head = await readSealHead(db);
    const { stdout } = await run(process.execPath, [SCRIPT, later, file], {
      cwd: home,
      env: { NODE_ENV: "test" },
    });
    expect(stdout).toContain(`The chain of ${head?.number} seals holds, and continues the earlier export.`);
    expect(stdout).toMatch(/accounts, \d+ entries, \d+ postings: balances follow, and sum to zero\./);
    expect(stdout).toContain(`Root ${head?.root}`);
    const bare = await run(process.execPath, [SCRIPT, save("bare.jsonl", await exportLines(false))]);
    expect(bare.stdout).toContain("balances were not checked");
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      "another amount",
      (lines) => lines.map((line) => line.replace('"amount":"10"', '"amount":"11"')),
      /^1: .*has/,
    ],
    [
      "another time",
      (lines) => lines.map((line) => line.replace(/("entry".*"occurred_at":"2)0/, "$11")),
      /other rows/,
    ],
    [
      "a posting less",
      (lines) =>
        lines.toSpliced(
          lines.findLastIndex((line) => line.startsWith('{"posting"')),
          1,
        ),
      /^1: /,
    ],
    ["a seal less", (lines) => lines.filter((line) => !line.startsWith('{"seal":"2"')), /^1: /],
    ["no head", (lines) => lines.slice(0, -1), /it was cut off/],
    ["another address", (lines) => lines.map((line) => line.replace("/available", "/held")), /other rows/],
    [
      "a second key of a name",
      (lines) => lines.map((line) => line.replace(/^({"posting".*)("currency")/, '$1"amount":"1",$2')),
      /canonically/,
    ],
    [
      "rows of some ranges alone",
      (lines) => lines.filter((line, at) => at > 40 || !line.startsWith('{"account"')),
      /^1: /,
    ],
  ])("refuses %s", async (_what, change, why) => {
    expect(await refusal(change(await exportLines()))).toMatch(why);
  });

  it("refuses a chain that doesn't continue an earlier export", async () => {
    const lines = await exportLines(false);
    const earlier = save(
      "earlier.jsonl",
      lines.with(-1, JSON.stringify({ head: "3", root: "0".repeat(64) })),
    );
    expect(await refusal(lines, earlier)).toContain("isn't the one that was exported before");
    const longer = save(
      "longer.jsonl",
      lines.with(-1, JSON.stringify({ head: "900000", root: "0".repeat(64) })),
    );
    expect(await refusal(lines, longer)).toContain("the chain was cut");
  });
});
