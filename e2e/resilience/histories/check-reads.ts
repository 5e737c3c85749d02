import { chart } from "@/lib/ledger/chart";
import type { BalanceRead, Refusal, StatusRead, TransactionList } from "./history-log";
import type { ObservedOperation } from "./observed-state";
import { isConsistent, type KnownSince, type Timelines } from "./timelines";

/** When a client learnt of each ledger entry: a read that begins later has to show it. */
export function knownSince(
  operations: readonly Pick<ObservedOperation, "reference" | "key" | "type">[],
  acknowledgedAt: ReadonlyMap<string, number>,
  statuses: readonly StatusRead[],
): KnownSince {
  const known = new Map<string, number>();
  const learn = (event: string, at: number) => known.set(event, Math.min(at, known.get(event) ?? at));
  for (const { reference, key, type } of operations) {
    const at = acknowledgedAt.get(reference) ?? acknowledgedAt.get(key ?? "");
    if (type !== "deposit" && at !== undefined)
      learn(`${reference} ${type === "withdrawal" ? "reserve" : type}`, at);
  }
  for (const { reference, status, endedAt } of statuses) {
    if (status === "success") learn(`${reference} credit`, endedAt);
  }
  return known;
}

/** Checks that `available` and `held` of each currency were the balances at one moment during the read. */
export function checkBalanceRead(read: BalanceRead, walletId: bigint, timelines: Timelines): string[] {
  return read.balances.flatMap(({ currency, available_minor, held_minor }) => {
    const available = timelines.visible(chart.available(walletId, currency).address, read);
    const held = timelines.visible(chart.held(walletId, currency).address, read);
    const isPossible = available
      .filter(({ balance }) => balance === BigInt(available_minor))
      .some((one) => held.some((other) => other.balance === BigInt(held_minor) && isConsistent(one, other)));
    if (isPossible) return [];
    const expected = [available, held].map((sights) => sights.map(({ balance }) => balance).join(" or "));
    return [
      `wallet ${walletId} was read as ${available_minor} ${currency} available and ${held_minor} held; ` +
        `expected at one moment ${expected.join(" available and ")} held`,
    ];
  });
}

/** Checks that a refusal for insufficient funds was true at one moment during the request. */
export function checkRefusal(refusal: Refusal, walletId: bigint, timelines: Timelines): string[] {
  const { wanted, currency, account } = refusal;
  const moments = timelines.visible(`wallet/${walletId}/${currency}/${account}`, refusal);
  // A transfer that is grouped with others in one transaction may see a balance between their postings.
  if (moments.some(({ lowest }) => lowest < wanted)) return [];
  const had = moments.map(({ balance }) => balance).join(", ");
  return [`wallet ${walletId} was refused ${wanted} ${currency} for insufficient funds while it had ${had}`];
}

/** Checks that a deposit reported as a success was credited by then, and stays a success. */
export function checkStatuses(
  statuses: readonly StatusRead[],
  creditedAt: ReadonlyMap<string, number>,
): string[] {
  const isSuccess = ({ status }: StatusRead) => status === "success";
  const tooEarly = statuses
    .filter(isSuccess)
    .filter(
      ({ reference, endedAt }) => !((creditedAt.get(reference) ?? Number.POSITIVE_INFINITY) <= endedAt + 1),
    );
  const takenBack = statuses.filter(
    (read) =>
      !isSuccess(read) &&
      statuses.some(
        (other) => isSuccess(other) && other.reference === read.reference && other.endedAt < read.startedAt,
      ),
  );
  return [
    ...tooEarly.map(
      ({ reference }) => `deposit ${reference} was reported as a success before it was credited`,
    ),
    ...takenBack.map(({ reference, status }) => `deposit ${reference} was a success and then ${status}`),
  ];
}

/**
 * Checks a whole transaction list: newest first, nothing twice, nothing missing that was acknowledged before, every line
 * correct. A list that began when the history had ended shows every operation.
 */
export function checkTransactionList(
  { pages, startedAt }: TransactionList,
  walletId: bigint,
  operations: ReadonlyMap<string, ObservedOperation>,
  ackAt: (reference: string) => number,
): string[] {
  const lines = pages.flat();
  const isOurs = ({ wallet, counterparty }: ObservedOperation) =>
    wallet === walletId || counterparty === walletId;
  const violations = lines.flatMap((line, index) => {
    const { id, reference, type, amount_minor, fee_minor, currency, direction } = line;
    const before = lines[index - 1];
    const isNewer = before !== undefined && id >= before.id;
    const order = isNewer ? [`${reference} after ${before.reference}, which is older or itself`] : [];
    const operation = operations.get(reference);
    if (!operation || !isOurs(operation)) return [...order, `${reference}, which isn't this wallet's`];
    const { amount, fee } = operation;
    const isSame =
      amount === BigInt(amount_minor) &&
      fee === BigInt(fee_minor) &&
      operation.currency === currency &&
      operation.type === type &&
      (type !== "transfer" || (direction === "out") === (operation.wallet === walletId));
    return isSame ? order : [...order, `${reference} as ${type} ${direction} of ${amount_minor} ${currency}`];
  });
  const shown = new Set(lines.map(({ reference }) => reference));
  for (const operation of operations.values()) {
    const ms = startedAt - ackAt(operation.reference);
    if (isOurs(operation) && ms > 0 && !shown.has(operation.reference))
      violations.push(`nothing of ${operation.reference}, which had been acknowledged ${ms} ms before`);
  }
  if (pages.slice(0, -1).some(({ length }) => length !== pages[0]?.length))
    violations.push("a page shorter than the others that isn't the last");
  return violations.map((what) => `the transaction list of wallet ${walletId} shows ${what}`);
}
