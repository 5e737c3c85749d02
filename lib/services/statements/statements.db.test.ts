import { randomUUID } from "node:crypto";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { fillAccount } from "@/e2e/support/long-account";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { readPdf } from "@/e2e/support/read-pdf";
import { makeStatementHistory, type StatementHistory } from "@/e2e/support/statement-history";
import { dayOf } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { chart } from "@/lib/ledger/chart";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { downloadStatement } from "./download-statement";
import { getStatement } from "./get-statement";
import type { StatementFormat, StatementInput } from "./schema";

const { db, owner, appUrl } = await useDatabase();
configureVerbs(appUrl);
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const ZONE = "Africa/Abidjan" as const;
const today = dayOf(new Date(), ZONE);
const thisDay = { currency: "XOF", from: today, to: today } as const;
let made: StatementHistory;

const operationId = async (reference: string) => {
  const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
  return BigInt(row?.id ?? 0);
};

beforeAll(async () => {
  overrideProviders([provider]);
  made = await makeStatementHistory(db, operationId, provider);
  await sealLedger(db);
});
afterAll(() => overrideProviders(null));

async function file(
  user: TestUser,
  input: StatementInput,
  format: StatementFormat,
  locale: "fr" | "en" = "fr",
): Promise<{ name: string; bytes: Uint8Array }> {
  const context = { ...user.context, now: new Date() };
  const download = await downloadStatement(context, input, { zone: ZONE, format, locale });
  if ("delivery" in download) throw new Error("the statement is short");
  return { name: download.fileName, bytes: new Uint8Array(await new Response(download.body).arrayBuffer()) };
}

/** As a spreadsheet reads it: a byte order mark says that it is UTF-8. */
function table({ bytes }: { bytes: Uint8Array }, delimiter: string): string[][] {
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const { data, errors } = Papa.parse<string[]>(new TextDecoder().decode(bytes), {
    delimiter,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return data;
}

const francs = (text: string | undefined) => BigInt((text || "0").replace(",", "."));

describe("a statement of the available balance", () => {
  it("shows every posting once, a withdrawal when it is reserved, its refund as a line of its own", async () => {
    const rows = table(await file(made.user, thisDay, "csv"), ";");
    expect(rows.map((row) => row[2])).toEqual([
      "Opération",
      "Solde d’ouverture",
      "Recharge Wave",
      "Reçu de محمد O.",
      "Envoyé à محمد O.",
      "Mis en coffre\u00a0: Toit de la maison",
      "Sorti du coffre\u00a0: Toit de la maison",
      "Retrait Orange Money",
      "Retrait Orange Money",
      "Retrait Orange Money remboursé",
      "Totaux",
      "Solde de clôture",
    ]);
  });

  it("closes with what it opened with, and what came in, less what went out: the ledger's own balance", async () => {
    for (const [locale, delimiter] of [
      ["fr", ";"],
      ["en", ","],
    ] as const) {
      const rows = table(await file(made.user, thisDay, "csv", locale), delimiter);
      const [opening, ...lines] = rows.slice(1, -2);
      const [totals, closing] = rows.slice(-2);
      let balance = francs(opening?.[8]);
      for (const line of lines) {
        balance += francs(line[6]) - francs(line[7]);
        expect(francs(line[8])).toBe(balance);
      }
      expect(francs(closing?.[8])).toBe(balance);
      const sum = (column: number) => lines.reduce((total, line) => total + francs(line[column]), 0n);
      expect([francs(totals?.[6]), francs(totals?.[7])]).toEqual([sum(6), sum(7)]);
      const [account] = await owner<{ balance: string }[]>`
        select balance from ledger_accounts where address = ${made.address}`;
      expect(balance).toBe(BigInt(account?.balance ?? -1));
    }
  });

  it("says what is reserved besides, and its totals, on the page", async () => {
    const context = { ...made.user.context, now: new Date() };
    const { opening, closing, reserved, totals, lineCount } = await getStatement(context, thisDay, ZONE);
    expect(lineCount).toBe(8n);
    expect(reserved).toEqual(money(2_000n, "XOF"));
    expect(
      opening.amountMinor + (totals?.totalIn.amountMinor ?? 0n) - (totals?.totalOut.amountMinor ?? 0n),
    ).toBe(closing.amountMinor);
  });

  it("runs no formula in a spreadsheet, and keeps what people wrote", async () => {
    const rows = table(await file(made.user, thisDay, "csv"), ";");
    expect(rows.map((row) => row[10])).toEqual(expect.arrayContaining([`'${made.notes[0]}`, made.notes[1]]));
    const machine = new TextDecoder().decode((await file(made.user, thisDay, "machine")).bytes);
    for (const cell of [...rows.flat(), ...Papa.parse<string[]>(machine).data.flat()]) {
      if (!/^-?\d+$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }
  });

  it("for programs has ISO times, minor units and a sequence without gaps", async () => {
    const { name, bytes } = await file(made.user, thisDay, "machine");
    expect(name).toBe(`cauris-releve-${today}_${today}-XOF-data.csv`);
    const { data } = Papa.parse<Record<string, string>>(new TextDecoder().decode(bytes), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data.map(({ sequence }) => sequence)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
    let balance = 0n;
    for (const { recorded_at, amount_minor, balance_minor } of data) {
      expect(new Date(recorded_at ?? "").toISOString()).toBe(recorded_at);
      balance += BigInt(amount_minor ?? 0);
      expect(balance_minor).toBe(balance.toString());
    }
  });
});

describe("a statement as PDF", () => {
  it.each(["fr", "en"] as const)(
    "says in %s what the rows say, and which seal covers them",
    async (locale) => {
      const { bytes } = await file(made.user, thisDay, "pdf", locale);
      const pdf = await readPdf(bytes);
      const text = pdf.pages.flatMap(({ lines }) => lines).join("\n");
      expect(pdf.language).toBe(locale);
      const rows = table(await file(made.user, thisDay, "csv", locale), locale === "fr" ? ";" : ",");
      for (const row of rows.slice(2, -2)) {
        const { 2: label = "", 4: reference = "", 8: balance = "" } = row;
        const grouped = balance.replace(/\B(?=(\d{3})+$)/g, locale === "fr" ? " " : ",");
        const shown = locale === "fr" ? `${grouped} FCFA` : `FCFA ${grouped}`;
        const line = text.split("\n").find((each) => each.includes(reference) && each.includes(shown));
        expect(line, `${label} ${reference}`).toBeDefined();
      }
      const words = { fr: ["Page 1 sur 1", "Awa Traoré", "GMT"], en: ["Page 1 of 1", "Awa Traoré", "GMT"] }[
        locale
      ];
      for (const word of words) expect(text).toContain(word);
      const [seal] = await owner<{ number: string; root: string }[]>`
      select number, encode(root, 'hex') as root from ledger_seals where subject = 'entries' order by number desc limit 1`;
      expect(text).toContain(seal?.root);
      expect(text).toContain(`/${locale}/help#seal`);
    },
  );
});

describe("a statement of a vault", () => {
  it("has the vault's own lines and balances", async () => {
    const rows = table(await file(made.user, { ...thisDay, vault: made.vaultId }, "csv"), ";");
    expect(rows.slice(1).map((row) => [row[2], row[6], row[7], row[8]])).toEqual([
      ["Solde d’ouverture", "", "", "0"],
      ["Mis dans le coffre", "30000", "", "30000"],
      ["Sorti du coffre", "", "5000", "25000"],
      ["Totaux", "30000", "5000", ""],
      ["Solde de clôture", "", "", "25000"],
    ]);
  });

  it("is its owner's only, and no API key's", async () => {
    const stranger = await createUser(db);
    const input = { ...thisDay, vault: made.vaultId };
    await expect(file(stranger, input, "csv")).rejects.toMatchObject({ code: "not_found" });
    const key = createContext(db, { kind: "api_key", userId: made.user.userId, keyId: 1n });
    await expect(getStatement(key, input, ZONE)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(getStatement(createContext(db), thisDay, ZONE)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});

describe("a range", () => {
  it.each([
    [{ from: "2026-11-05", to: "2026-11-04" }, "to", "range_reversed"],
    [{ from: "2099-01-01", to: "2099-02-01" }, "from", "date_future"],
    [{ from: "2010-01-01", to: today }, "from", "range_too_long"],
    [{ from: "31/12/2025", to: today }, "from", "date_invalid"],
    [{ from: today }, "to", "required"],
    [{}, "from", "required"],
  ])("%o is refused", async (days, field, reason) => {
    const failing = getStatement(made.user.context, { currency: "XOF", ...days }, ZONE);
    await expect(failing).rejects.toMatchObject(
      new DomainError("validation_failed", { issues: [{ field, reason }] }),
    );
  });

  it("has the days of its zone, both included", async () => {
    const user = await createUser(db);
    const account = chart.available(user.walletId, "XOF");
    // Half-hourly from 22:10 UTC: 23:10 in Lagos, midnight there between the second and the third posting.
    await fillAccount(owner, account, {
      count: 6,
      first: new Date("2026-03-01T22:10:00Z"),
      stepSeconds: 1800,
    });
    const linesIn = async (zone: "Africa/Lagos" | "Africa/Abidjan", from: string, to: string) =>
      (await getStatement(user.context, { currency: "XOF", from, to }, zone)).lineCount;
    expect(await linesIn("Africa/Lagos", "2026-03-01", "2026-03-01")).toBe(2n);
    expect(await linesIn("Africa/Abidjan", "2026-03-01", "2026-03-01")).toBe(4n);
    expect(await linesIn("Africa/Lagos", "2026-03-01", "2026-03-02")).toBe(6n);
  });

  it("without a line opens and closes with the same, in every format", async () => {
    const user = await createUser(db);
    await fundWallet(db, user.walletId, money(700n, "NGN"));
    const input = { currency: "NGN", from: "2026-01-01", to: "2026-01-31" } as const;
    const rows = table(await file(user, input, "csv"), ";");
    expect(rows.slice(1).map((row) => row[8])).toEqual(["0,00", "", "0,00"]);
    const { name, bytes } = await file(user, input, "pdf", "en");
    expect(name).toBe("cauris-statement-2026-01-NGN.pdf");
    expect((await readPdf(bytes)).pages[0]?.lines).toContain("No money moved during this period.");
  });
});

describe("making statements", () => {
  it("is limited to two of a person at once, and a download that ends or is left frees its place", async () => {
    const context = { ...made.user.context, now: new Date() };
    const start = () => downloadStatement(context, thisDay, { zone: ZONE, format: "csv", locale: "fr" });
    const [one, two] = [await start(), await start()];
    await expect(start()).rejects.toMatchObject({ code: "rate_limited" });
    if ("delivery" in one || "delivery" in two) throw new Error("short");
    await one.body.cancel();
    await new Response(two.body).text();
    for (const each of [await start(), await start()]) if ("body" in each) await each.body.cancel();
  });

  it("of a long one is the worker's", async () => {
    const user = await createUser(db);
    const account = chart.available(user.walletId, "XOF");
    await fillAccount(owner, account, { count: 1_500, first: new Date("2026-03-01"), stepSeconds: 1 });
    const input = { currency: "XOF", from: "2026-03-01", to: "2026-03-01" } as const;
    const { delivery, totals } = await getStatement(user.context, input, ZONE);
    expect(delivery).toEqual({ pdf: "by_worker", csv: "at_once", machine: "at_once" });
    expect(totals?.totalIn.amountMinor).toBe(7_500n);
    const download = await downloadStatement(user.context, input, {
      zone: ZONE,
      format: "pdf",
      locale: "fr",
    });
    expect(download).toEqual({ delivery: "by_worker" });
  });
});
