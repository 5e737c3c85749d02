import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { type Money, money } from "@/lib/money/money";
import type { LedgerAccount } from "./chart";
import { readBalancesAt } from "./store";

const INSTANTS_MAX = 120;

/**
 * The balances of a materialized account just before each instant: every posting recorded earlier is in it, one recorded at the
 * very instant isn't. So the start of a day has the closing balance of the day before. The instants ascend; `null`, the last one,
 * stands for now. One snapshot in one round trip, a few index look-ups an instant however many postings there are.
 */
export async function balancesAt(
  reader: Reader,
  account: LedgerAccount,
  instants: readonly (Date | null)[],
): Promise<Money[]> {
  invariant(account.minimumBalance !== null, "derived accounts have no running balance");
  invariant(instants.length <= INSTANTS_MAX, "a balance history has a maximum");
  const times = instants.map((instant) => instant?.getTime() ?? Number.POSITIVE_INFINITY);
  invariant(
    times.every((time, index) => index === 0 || time >= (times[index - 1] ?? time)),
    "the instants ascend",
  );
  const balances = await readBalancesAt(reader, account.address, instants);
  return balances.map((balance) => money(balance, account.currency));
}
