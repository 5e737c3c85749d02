import { expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";

const { owner } = await useDatabase();

/** What seals, and what reads seals. */
const SEALING = [
  "ledger_seal_lines",
  "ledger_seal_digest",
  "ledger_seal_line",
  "ledger_writers_end",
  "ledger_seal_newest",
  "ledger_seal",
];

// After a migration that changes one of them: npx vitest run lib/ledger/integrity/seal-checks -u
it("the audit knows the source of the sealing functions as the migrations install them", async () => {
  const rows = await owner<{ name: string; hash: string }[]>`
    select proname as name, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') as hash from pg_proc
    where proname = any (${SEALING}) and pronamespace = 'public'::regnamespace`;
  const hashOf = new Map(rows.map(({ name, hash }) => [name, hash]));
  const installed = Object.fromEntries(SEALING.map((name) => [name, hashOf.get(name)]));
  await expect(`${JSON.stringify(installed, null, 2)}\n`).toMatchFileSnapshot("./sealing-functions.json");
});
