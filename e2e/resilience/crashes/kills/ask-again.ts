import type { Random } from "@/e2e/resilience/random";
import type { Account } from "./account";
import { newAccount } from "./account";
import type { Caller } from "./caller";
import { carryOut } from "./carry-out";

const SAMPLE = 10;

/** Sends some keys again that were answered before the kills: each has to be answered as it was. */
export async function askAgain(caller: Caller, account: Account, random: Random): Promise<string[]> {
  const violations: string[] = [];
  for (const { intent, references } of random.shuffle(account.answered).slice(0, SAMPLE)) {
    const again = newAccount();
    await carryOut(caller, intent, again);
    const told = again.acknowledged.map(({ reference }) => reference);
    if (told.join() === references.join()) continue;
    violations.push(
      `the key of the ${intent.kind} ${references.join(", ")} was answered with ${told.join(", ") || "something else"} later on`,
    );
  }
  return violations;
}
