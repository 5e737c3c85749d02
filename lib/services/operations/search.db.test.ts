import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import {
  createFundedUser,
  createUser,
  fundWallet,
  recordPendingDeposit,
  type TestUser,
} from "@/e2e/support/people";
import { put, take, vaultOf } from "@/e2e/support/vaults";
import english from "@/lib/i18n/messages/en.json";
import french from "@/lib/i18n/messages/fr.json";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { foldText } from "@/lib/text";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { listOperations } from "./list-operations";
import { readSearch } from "./search";

const { db, owner } = await useDatabase();
/** A deposit of francs by a method. */
const from = (method: string) => ({ provider: "test", method, phone: "+22670000001" });
const xof = (amountMinor: bigint) => money(amountMinor, "XOF");

describe("text is folded the same way in TypeScript and in SQL", () => {
  it.each([
    ["Ọlátúndé", "olatunde"],
    ["N’Guessan", "n'guessan"],
    ["SŒUR Æsa Großmann", "soeur aesa grossmann"],
    ["Ɓala Ɗan Ƙofa Ŋmɔ Ɛya", "bala dan kofa nmo eya"],
    ["Jean‑Baptiste – l´eau", "jean-baptiste - l'eau"],
    ["مُحَمَّد", "محمد"],
  ])("%s is %s", (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it("whatever the text", async () => {
    const unit = fc.constantFrom(..."aZé’`´ɓƁœßÆ٣د ́ﬁ１-_%");
    const samples = fc.sample(fc.oneof(fc.string({ unit }), fc.string({ unit: "grapheme" })), 400);
    const texts = samples.map((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, ""));
    const rows = await owner<{ folded: string }[]>`
      select fold_text(t.text) as folded from unnest(${texts}::text[]) with ordinality t(text, at) order by t.at`;
    expect(rows.map(({ folded }) => folded)).toEqual(texts.map(foldText));
  });
});

describe("a search of the history", () => {
  let awa: TestUser;
  const found: Record<string, string> = {};
  const search = async (text: string): Promise<string[]> => {
    const page = await listOperations(awa.context, { limit: 20, text });
    const names = new Map(Object.entries(found).map(([name, reference]) => [reference, name]));
    return page.operations.map(({ reference }) => names.get(reference) ?? reference).reverse();
  };

  beforeAll(async () => {
    awa = await createUser(db);
    const ola = await createUser(db, { firstName: "Ọlátúndé", lastName: "Sawadogo" });
    const guessan = await createFundedUser(db, xof(9_000n));
    await owner`update users set first_name = 'N’Guessan' where id = ${guessan.userId.toString()}`;
    found.deposit = await fundWallet(db, awa.walletId, xof(50_000n), from("orange_money"));
    found.wave = await recordPendingDeposit(db, awa.walletId, xof(777n), from("wave"));
    const send = async (sender: TestUser, to: TestUser, amount: bigint, note: string | null = null) =>
      (await sendTransfer(sender.context, { walletNumber: to.walletNumber, amount: xof(amount), note }))
        .reference;
    found.sent = await send(awa, ola, 2_345n, "Pour l’été à Bobo");
    found.received = await send(guessan, awa, 1_200n);
    const moto = await vaultOf(awa, { name: "Ma môto" });
    found.put = (await put(awa.context, moto, 6_000n)).operation.reference;
    found.taken = (await take(awa.context, moto, 1_200n)).operation.reference;
    found.number = ola.walletNumber;
  });

  it.each([
    ["Olatunde", ["sent"]],
    ["ọlátúndé s", ["sent"]],
    ["\u200eOLATUNDE", ["sent"]],
    ["n'guessan", ["received"]],
    ["N`Guessan", ["received"]],
    ["ete a bobo", ["sent"]],
    ["bobo l'été", ["sent"]],
    ["Wave", ["wave"]],
    ["orange money", ["deposit"]],
    ["Recharge Wave", ["wave"]],
    ["top-up orange", ["deposit"]],
    ["2 345 FCFA", ["sent"]],
    ["2345", ["sent"]],
    ["-2\u202f345 FCFA", ["sent"]],
    ["FCFA 2,345", ["sent"]],
    ["+1 200", ["received", "taken"]],
    ["50000", ["deposit"]],
    ["ma moto", ["put", "taken"]],
    ["Retrait", []],
    // A last name is shown as its initial, and can't be searched for.
    ["Sawadogo", []],
    ["zzzzz", []],
    ["%", []],
    ["_", []],
    ["\\", []],
    ["\u0000", ["deposit", "wave", "sent", "received", "put", "taken"]],
  ])("%j finds %j", async (text, names) => {
    expect(await search(text)).toEqual(names);
  });

  it("finds a number and a reference as they are written and grouped", async () => {
    const number = found.number ?? "";
    expect(await search(number.replace(/(\d{4})(?=\d)/g, "$1 "))).toEqual(["sent"]);
    expect(await search((found.put ?? "").toLowerCase())).toEqual(["put"]);
    expect(await search((found.put ?? "").replace("TXN-", "txn "))).toEqual(["put"]);
    expect(await search((found.taken ?? "").slice(-6))).toEqual(["taken"]);
  });

  it("finds methods by the words that pages call them, in both languages", () => {
    for (const { methods } of [french, english]) {
      for (const [method, name] of Object.entries(methods)) {
        const words = readSearch(name)?.words ?? [];
        expect(
          words.every((word) => word.methods.includes(method)),
          name,
        ).toBe(true);
      }
    }
  });
});

describe("a search among 30,000 operations", () => {
  const OPERATIONS = 30_000;
  const LIST = 500;
  const BOUND_MS = 100;

  it(`without a hit takes at most ${BOUND_MS} ms, or on a busy machine five times the reading of their rows`, async () => {
    const busy = await createFundedUser(db, xof(1_000_000n));
    const others = await Promise.all(
      ["Ọlátúndé", "Moussa", "Aïcha"].map((firstName) => createUser(db, { firstName })),
    );
    for (let sent = 0; sent < OPERATIONS; sent += LIST) {
      const transfers = Array.from({ length: LIST }, (_, index) => ({
        walletNumber: others[index % others.length]?.walletNumber ?? "",
        amount: xof(1n),
        note: `Cotisation n° ${sent + index} réglée`,
      }));
      await sendTransfers(busy.context, { transfers, key: newKey() });
    }
    await owner`analyze operations`;
    const times: number[] = [];
    const readings: number[] = [];
    for (const text of ["introuvable", "u0", "reg u0", "9 999 999 FCFA", "introuvable"]) {
      const begun = performance.now();
      const page = await listOperations(busy.context, { limit: 20, text });
      times.push(performance.now() - begun);
      expect(page.operations).toEqual([]);
      const reading = performance.now();
      await owner`select count(note) from operations where wallet_id = ${busy.walletId.toString()}`;
      readings.push(performance.now() - reading);
    }
    expect(Math.min(...times)).toBeLessThan(Math.max(BOUND_MS, 5 * Math.min(...readings)));
    expect((await listOperations(busy.context, { limit: 20, text: "n° 29 réglée" })).operations.length).toBe(
      20,
    );
  }, 60_000);
});
