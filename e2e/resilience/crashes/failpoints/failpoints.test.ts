import { describe, expect, it } from "vitest";
import { randomFrom } from "@/e2e/resilience/random";
import { findCallSites, findHiddenCommits, findWrapped, readSources, type SourceText } from "./call-sites";
import { caseOf, EXCLUDED, findFailpoints, reachableFailpoints, WORKLOADS, workloadsOf } from "./cases";

const sources = readSources();
const failpoints = findFailpoints(sources);

describe("the failpoints", () => {
  it("stand around every transaction, every statement that commits by itself and every call of a provider", () => {
    const verb: SourceText = {
      path: "lib/services/example/grant-loan.ts",
      text: `import { inTransaction } from "@/db/transaction"; // inTransaction(db, work) in a comment
        import { consume } from "../rate-limits/consume";
        async function giveBack(db: Database) {} // of its own, not the rate limits'
        const note = "inTransaction(";
        export async function grantLoan({ db }: Context) {
          await consume(db, "loans", [\`\${db}\`]);
          await giveBack(db);
          const state = await provider.getPayout?.(note, null);
          return await inTransaction(db, async (tx) => insertLoan(tx, state));
        }`,
    };
    const found = findFailpoints([...sources, verb]).filter((name) => !failpoints.includes(name));
    expect(found).toEqual(
      ["1:after-commit", "1:before-commit", "consume.1:after-statement", "consume.1:before-statement"]
        .concat("getPayout.1:after-call", "getPayout.1:before-call")
        .map((name) => `example/grant-loan.${name}`),
    );
  });

  it("miss nothing that commits: a function of a store commits by itself if it takes a Database", () => {
    const store: SourceText = {
      path: "lib/services/example/store.ts",
      text: `export async function forgive(db: Database) { await db.delete(loans); }
        export async function findLoan(reader: Reader) { return await reader.select(); }
        export async function touchLoan(reader: Reader) { await reader.update(loans); }`,
    };
    expect(findWrapped([store]).get(store.path)).toEqual({ forgive: "statement" });
    const verb = { path: "lib/services/example/repay.ts", text: "await context.db.transaction(work);" };
    expect(findHiddenCommits([store, verb])).toEqual([`touchLoan in ${store.path}`, verb.path]);
    const rule = "a writing store function takes a Transaction or, to commit by itself, a Database";
    expect(findHiddenCommits(sources), `${rule}; a verb opens a transaction with inTransaction`).toEqual([]);
  });

  it("stand at least once around each function that commits or calls: one that is only handed on has none", () => {
    const names = [...findWrapped(sources).values()].flatMap(Object.keys);
    expect(names.length).toBeGreaterThan(10);
    const called = new Set(findCallSites(sources).map(({ callee }) => callee));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
  });

  it("are far more than forty, each under a name of its own", () => {
    expect(failpoints.length).toBeGreaterThan(200);
    expect(new Set(failpoints).size).toBe(failpoints.length);
  });
});

describe("the cases", () => {
  it("have a workload for every failpoint, or the reason why there is none", () => {
    const reached = reachableFailpoints(failpoints);
    const missing = reached.filter((failpoint) => workloadsOf(failpoint).length === 0);
    expect(
      missing,
      "add a workload to workloads/ whose `reaches` names them, or a reason to EXCLUDED in cases.ts",
    ).toEqual([]);
    expect(failpoints.length - reached.length).toBeLessThan(failpoints.length / 20);
    const matches = (names: RegExp, all: string[]) => all.some((failpoint) => names.test(failpoint));
    for (const [why, excluded] of Object.entries(EXCLUDED))
      expect(matches(excluded, failpoints), why).toBe(true);
    for (const { name, reaches } of WORKLOADS) expect(matches(reaches, reached), name).toBe(true);
  });

  it("have every failpoint once a round, in an order that follows from the seed", () => {
    const plan = (seed: string) => ({ random: (number: number) => randomFrom(`${seed}/${number}`) });
    const reached = failpoints.filter((failpoint) => workloadsOf(failpoint).length > 0);
    const round = reached.map((_point, number) => caseOf(plan("7"), reached, number).failpoint);
    expect(round.toSorted()).toEqual(reached.toSorted());
    expect(reached.map((_point, number) => caseOf(plan("7"), reached, number).failpoint)).toEqual(round);
    expect(reached.map((_point, number) => caseOf(plan("8"), reached, number).failpoint)).not.toEqual(round);
  });
});
