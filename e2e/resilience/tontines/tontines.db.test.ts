import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { randomFrom } from "../random";
import { Tally } from "../run-cases";
import { runHistory, type Tamper } from "./history";
import { largestRemainder, monthsLater, nextInstalment } from "./model/arithmetic";
import { withDatabase } from "./world";

const { db, owner } = await useDatabase({ alone: true });

/** A history in which members are late, pots are short and payouts are split; what is found in it. */
async function historyOf(tamper?: Tamper): Promise<string[]> {
  const one = { number: 3, random: randomFrom("7/tontines/3"), tally: new Tally() };
  return await runHistory(await withDatabase(db, owner), one, tamper);
}

/** Takes a franc out of the first account like this that has one, as only a superuser can. Answers whether there was one. */
async function loseFranc(kind: string): Promise<boolean> {
  return await owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    const rows =
      await sql`update ledger_accounts set balance = balance - 1 where id = (select id from ledger_accounts
      where address ~ ${`^tontine/[0-9]+/XOF/${kind}`} and balance > 0 limit 1) returning id`;
    return rows.length > 0;
  });
}

describe("a history of a tontine", () => {
  it.each<[string, RegExp, Tamper]>([
    [
      "a fine of another amount",
      /^fine of .* by the rules, /,
      ({ model }) => {
        model.rules.fineBefore += 1n;
        model.rules.fineCap += 1_000n;
      },
    ],
    [
      "a turn that pays another share",
      /^(?:proposal|wallet|kept|\d+ approves|the group|turn)/,
      ({ model: { turns } }, step) => {
        const [first, second] = turns;
        if (step === 0 && first && second) [first.shares, second.shares] = [second.shares, first.shares];
      },
    ],
  ])(
    "is red for %s",
    async (_, violation, tamper) => {
      expect(await historyOf(tamper)).toContainEqual(expect.stringMatching(violation));
    },
    120_000,
  );

  it("is red for a franc that is lost in a pot", async () => {
    let isLost = false;
    const found = await historyOf(async () => {
      isLost ||= await loseFranc("pot/");
    });
    expect(isLost).toBe(true);
    expect(found).toContainEqual(expect.stringMatching(/^(?:pot of \d+|T1): /));
  }, 120_000);
});

describe("the model's arithmetic", () => {
  it("splits by largest remainder, and instalments as one sum", () => {
    expect(largestRemainder(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(largestRemainder(5n, [1n, 2n])).toEqual([2n, 3n]);
    expect(nextInstalment(1n, [1n, 1n], [1n, 0n])).toEqual([0n, 1n]);
  });

  it("knows the last day of a month", () => {
    const day = (text: string) => Date.parse(text) / 86_400_000;
    expect(monthsLater(day("2032-01-05"), 1, 31)).toBe(day("2032-02-29"));
    expect(monthsLater(day("2031-11-05"), 2, 15)).toBe(day("2032-01-15"));
  });
});
