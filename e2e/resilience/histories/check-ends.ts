import type { Facts, OperationFact, PostingFact } from "./facts";
import type { Acknowledged } from "./history-log";
import type { People } from "./people";
import type { Scenes } from "./scenes";

const OPEN = ["created", "submitting", "submitted", "unknown"];

/** Nothing acknowledged is lost, nothing is there that nobody was told of, and each ended as it may. */
export function checkOperations(scenes: Scenes, facts: Pick<Facts, "operations">, people: People): string[] {
  const violations = [...scenes.lost];
  const byReference = new Map(facts.operations.map((operation) => [operation.reference, operation]));
  for (const said of scenes.expected) {
    const operation = byReference.get(said.reference);
    if (!operation) violations.push(`${said.type} ${said.reference} was acknowledged and is lost`);
    else violations.push(...differences(said, operation, people));
  }
  for (const { reference, type, state, amount } of facts.operations) {
    const meant = scenes.find(reference);
    if (meant === null) violations.push(`${type} ${reference} of ${amount} is there and nobody was told`);
    else if (!meant.ends.includes(state)) {
      const scenario = meant.scenario?.code ?? "nothing special";
      violations.push(
        `${type} ${reference} (${scenario}) ended ${state}, and should have ended ${meant.ends.join(" or ")}`,
      );
    }
  }
  return violations;
}

function differences(said: Acknowledged, operation: OperationFact, people: People): string[] {
  const idOf = (who: number | null) => (who === null ? null : (people.all[who]?.walletId.toString() ?? null));
  const pairs: [string, unknown, unknown][] = [
    ["type", said.type, operation.type],
    ["amount", said.amount, operation.amount],
    ["fee", said.fee, operation.fee],
    ["currency", said.currency, operation.currency],
    ["wallet", idOf(said.who), operation.wallet],
    ["recipient", idOf(said.to), operation.counterparty],
  ];
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(
      ([name, one, other]) =>
        `${said.reference}: its ${name} was answered as ${one} and is written down as ${other}`,
    );
}

/** What each account must hold, from what was acknowledged and how that ended; by address. */
export function modelBalances(
  expected: readonly Acknowledged[],
  facts: Pick<Facts, "operations">,
  people: Pick<People, "all" | "saver">,
): Map<string, bigint> {
  const model = new Map<string, bigint>();
  const add = (who: number, currency: string, account: string, change: bigint): void => {
    const address = `wallet/${people.all[who]?.walletId}/${currency}/${account}`;
    model.set(address, (model.get(address) ?? 0n) + change);
  };
  const ends = new Map(facts.operations.map((operation) => [operation.reference, operation]));
  for (const said of expected) {
    const { who, to, currency, amount, type } = said;
    const end = ends.get(said.reference);
    if (!end) continue;
    if (type === "deposit" && end.state === "succeeded") add(who, currency, "available", amount);
    if (type === "transfer" && to !== null) {
      add(who, currency, "available", -amount);
      add(to, currency, "available", amount);
    }
    if (type === "vault_deposit" || type === "vault_withdrawal") {
      const sign = type === "vault_deposit" ? 1n : -1n;
      add(who, currency, "available", -amount * sign);
      add(who, currency, `vault/${people.saver.vaultId}`, amount * sign);
    }
    if (type === "withdrawal") {
      const { isHeld, isGone } = standingOf(end);
      const sum = amount + said.fee;
      if (isHeld) add(who, currency, "held", sum);
      if (isHeld || isGone) add(who, currency, "available", -sum);
    }
  }
  return model;
}

function standingOf({ state, reason }: OperationFact): { isHeld: boolean; isGone: boolean } {
  const isFrozen = state === "conflict" && reason === "paid_after_refund";
  return { isHeld: OPEN.includes(state) || isFrozen, isGone: state === "paid" };
}

/** The ledger's balances are the model's, on every account of these wallets. */
export function checkBalances(
  model: ReadonlyMap<string, bigint>,
  balances: ReadonlyMap<string, bigint>,
): string[] {
  const addresses = new Set([...model.keys(), ...balances.keys()]);
  return [...addresses].flatMap((address) => {
    const [expected, seen] = [model.get(address) ?? 0n, balances.get(address) ?? 0n];
    return expected === seen ? [] : [`${address} holds ${seen}; what was acknowledged comes to ${expected}`];
  });
}

/** Along each account the versions have no gap, and each balance follows from the one before it. */
export function checkChains(
  postings: readonly PostingFact[],
  balances: ReadonlyMap<string, bigint>,
): string[] {
  const violations: string[] = [];
  const last = new Map<string, { version: bigint; balance: bigint; recordedAt: number }>();
  for (const posting of postings) {
    const { address, version, balance, change, recordedAt } = posting;
    const before = last.get(address) ?? { version: 0n, balance: 0n, recordedAt: 0 };
    if (version !== before.version + 1n)
      violations.push(`${address} has version ${version} after ${before.version}`);
    if (balance !== before.balance + change)
      violations.push(`${address} says ${balance} after a posting of ${change} on ${before.balance}`);
    if (balance < 0n) violations.push(`${address} was ${balance}, below zero, at version ${version}`);
    if (recordedAt < before.recordedAt)
      violations.push(`${address} has version ${version} recorded before the one before it`);
    last.set(address, { version, balance, recordedAt });
  }
  for (const [address, { balance }] of last) {
    if (balances.get(address) !== balance)
      violations.push(`${address} stores ${balances.get(address)} after a last posting to ${balance}`);
  }
  return violations;
}
