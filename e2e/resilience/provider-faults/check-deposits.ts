import { type DepositScript, expectedEnd } from "./deposit-script";
import type { DialectName } from "./dialects";

/** One deposit as our database has it. */
export interface ObservedDeposit {
  script: DepositScript;
  state: string;
  /** The sum of its credits. */
  creditedMinor: bigint;
  credits: number;
  /** Reasons of the dead letters about it, or about the unknown reference that was paid with it. */
  reasons: readonly string[];
}

export interface Sum {
  dialect: DialectName;
  currencyCode: string;
  amountMinor: bigint;
}

/** A whole case as our database has it. */
export interface ObservedDeposits {
  deposits: readonly ObservedDeposit[];
  /** Every suspense entry. */
  suspense: readonly Sum[];
  /** The reasons of the dead letters about them. */
  suspenseReasons: readonly string[];
  /** What each provider owes us by our ledger, per currency. */
  cleared: readonly Sum[];
  /** The sum of all wallets of the case. */
  walletsMinor: bigint;
  /** Forged callbacks that were accepted. */
  acceptedForgeries: readonly string[];
  /** Number of different callbacks that are stored, and that were sent. */
  storedEvents: number;
  sentEvents: number;
}

/** The violations of a case, a sentence each. Pure. */
export function checkDeposits(observed: ObservedDeposits): string[] {
  return [
    ...observed.deposits.flatMap(checkOne),
    ...checkSums(observed),
    ...checkSuspense(observed),
    ...observed.acceptedForgeries.map((kind) => `a forged callback (${kind}) was accepted`),
    ...(observed.storedEvents === observed.sentEvents
      ? []
      : [`${observed.sentEvents} different callbacks were sent and ${observed.storedEvents} are stored`]),
  ];
}

export function nameOf({ index, dialect, fate }: DepositScript): string {
  return `deposit ${index} (${dialect}, ${fate})`;
}

function checkOne({ script, state, creditedMinor, credits, reasons }: ObservedDeposit): string[] {
  const end = expectedEnd(script);
  const violations: string[] = [];
  if (!end.states.includes(state)) {
    violations.push(`${nameOf(script)} must be ${end.states.join(" or ")} and is ${state}`);
  }
  if (creditedMinor !== end.creditedMinor || credits > 1) {
    violations.push(
      `${nameOf(script)} must be credited ${end.creditedMinor} and is ${creditedMinor}, in ${credits} times`,
    );
  }
  if (end.needsReview !== null && !reasons.includes(end.needsReview)) {
    violations.push(
      `${nameOf(script)}: no operator is told of its ${end.needsReview}, only of [${reasons.join(", ")}]`,
    );
  }
  if (state === "review" && !reasons.some((why) => why.startsWith("review"))) {
    violations.push(`${nameOf(script)} is in review and has no dead letter`);
  }
  return violations;
}

/** Checks that the sums credited and in suspense equal the sums in the providers' books. */
function checkSums({ deposits, cleared, walletsMinor }: ObservedDeposits): string[] {
  const book = new Map<string, bigint>();
  const add = (key: string, minor: bigint) => book.set(key, (book.get(key) ?? 0n) + minor);
  let wallets = 0n;
  for (const { script } of deposits) {
    const { creditedMinor, suspense } = expectedEnd(script);
    wallets += creditedMinor;
    if (creditedMinor > 0n) add(`${script.dialect} XOF`, creditedMinor);
    for (const { currencyCode, amountMinor } of suspense)
      add(`${script.dialect} ${currencyCode}`, amountMinor);
  }
  const ours = new Map(
    cleared.map(({ dialect, currencyCode, amountMinor }) => [`${dialect} ${currencyCode}`, amountMinor]),
  );
  const keys = new Set([...book.keys(), ...ours.keys()]);
  const violations = [...keys]
    .filter((key) => (book.get(key) ?? 0n) !== (ours.get(key) ?? 0n))
    .map(
      (key) =>
        `clearing of ${key} must be ${book.get(key) ?? 0n} by the provider's book, is ${ours.get(key) ?? 0n}`,
    );
  if (wallets !== walletsMinor) violations.push(`the wallets must hold ${wallets} and hold ${walletsMinor}`);
  return violations;
}

function checkSuspense({ deposits, suspense, suspenseReasons }: ObservedDeposits): string[] {
  const write = (dialect: string, sum: { currencyCode: string; amountMinor: bigint }) =>
    `${dialect} ${sum.amountMinor} ${sum.currencyCode}`;
  const wanted = deposits
    .flatMap(({ script }) => expectedEnd(script).suspense.map((sum) => write(script.dialect, sum)))
    .sort();
  const booked = suspense.map((sum) => write(sum.dialect, sum)).sort();
  const violations: string[] = [];
  if (wanted.join("; ") !== booked.join("; ")) {
    violations.push(`in suspense must be [${wanted.join("; ")}], are [${booked.join("; ")}]`);
  }
  const explained = suspenseReasons.filter((why) => why !== "" && why !== "unknown_event").length;
  if (explained !== suspense.length) {
    violations.push(`${suspense.length} sums are in suspense, ${explained} of them with a reason`);
  }
  return violations;
}
