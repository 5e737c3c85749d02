import { type DepositScript, endOf } from "./deposit-script";
import type { DialectName } from "./dialects";

/** What our books say of one deposit. */
export interface DepositSeen {
  script: DepositScript;
  state: string;
  /** Every credit of it, added up. */
  creditedMinor: bigint;
  credits: number;
  /** Why events and operations about it, or about the stranger whose payment it brought along, wait for a person. */
  letters: readonly string[];
}

export interface Sum {
  dialect: DialectName;
  currencyCode: string;
  amountMinor: bigint;
}

/** What our books say of a case. */
export interface DepositsSeen {
  deposits: readonly DepositSeen[];
  /** Each entry into suspense. */
  suspense: readonly Sum[];
  /** Why each of them waits for a person, as far as that is shown. */
  suspenseLetters: readonly string[];
  /** What each provider owes by our ledger, a positive sum a currency. */
  cleared: readonly Sum[];
  /** What all wallets of the case hold. */
  walletsMinor: bigint;
  /** Forged callbacks that were taken for genuine. */
  believed: readonly string[];
  /** Callbacks that are stored, and those that were sent: duplicates once. */
  storedEvents: number;
  sentEvents: number;
}

/** What is wrong with a case, a sentence each; none when every franc is where it belongs. Pure. */
export function checkDeposits(seen: DepositsSeen): string[] {
  return [
    ...seen.deposits.flatMap(checkOne),
    ...checkSums(seen),
    ...checkSuspense(seen),
    ...seen.believed.map((way) => `a forged callback (${way}) was taken for genuine`),
    ...(seen.storedEvents === seen.sentEvents
      ? []
      : [`${seen.sentEvents} different callbacks were sent and ${seen.storedEvents} are stored`]),
  ];
}

export function nameOf({ index, dialect, fate }: DepositScript): string {
  return `deposit ${index} (${dialect}, ${fate})`;
}

function checkOne({ script, state, creditedMinor, credits, letters }: DepositSeen): string[] {
  const end = endOf(script);
  const found: string[] = [];
  if (!end.states.includes(state)) {
    found.push(`${nameOf(script)} should be ${end.states.join(" or ")} and is ${state}`);
  }
  if (creditedMinor !== end.creditedMinor || credits > 1) {
    found.push(
      `${nameOf(script)} should be credited ${end.creditedMinor} and is ${creditedMinor}, in ${credits} times`,
    );
  }
  if (end.needsReview !== null && !letters.includes(end.needsReview)) {
    found.push(`${nameOf(script)}: nobody is told of its ${end.needsReview}, but of [${letters.join(", ")}]`);
  }
  if (state === "review" && !letters.some((why) => why.startsWith("review"))) {
    found.push(`${nameOf(script)} is in review and no dead letter says so`);
  }
  return found;
}

/** Σ credited and Σ in suspense = Σ that the providers' books confirm, to the unit. */
function checkSums({ deposits, cleared, walletsMinor }: DepositsSeen): string[] {
  const book = new Map<string, bigint>();
  const add = (key: string, minor: bigint) => book.set(key, (book.get(key) ?? 0n) + minor);
  let wallets = 0n;
  for (const { script } of deposits) {
    const { creditedMinor, suspense } = endOf(script);
    wallets += creditedMinor;
    if (creditedMinor > 0n) add(`${script.dialect} XOF`, creditedMinor);
    for (const { currencyCode, amountMinor } of suspense)
      add(`${script.dialect} ${currencyCode}`, amountMinor);
  }
  const ours = new Map(
    cleared.map(({ dialect, currencyCode, amountMinor }) => [`${dialect} ${currencyCode}`, amountMinor]),
  );
  const keys = new Set([...book.keys(), ...ours.keys()]);
  const found = [...keys]
    .filter((key) => (book.get(key) ?? 0n) !== (ours.get(key) ?? 0n))
    .map(
      (key) =>
        `clearing of ${key} should be ${book.get(key) ?? 0n} by the provider's book, is ${ours.get(key) ?? 0n}`,
    );
  if (wallets !== walletsMinor) found.push(`the wallets should hold ${wallets} and hold ${walletsMinor}`);
  return found;
}

function checkSuspense({ deposits, suspense, suspenseLetters }: DepositsSeen): string[] {
  const write = (dialect: string, sum: { currencyCode: string; amountMinor: bigint }) =>
    `${dialect} ${sum.amountMinor} ${sum.currencyCode}`;
  const wanted = deposits
    .flatMap(({ script }) => endOf(script).suspense.map((sum) => write(script.dialect, sum)))
    .sort();
  const booked = suspense.map((sum) => write(sum.dialect, sum)).sort();
  const found: string[] = [];
  if (wanted.join("; ") !== booked.join("; ")) {
    found.push(`in suspense should be [${wanted.join("; ")}], are [${booked.join("; ")}]`);
  }
  const explained = suspenseLetters.filter((why) => why !== "" && why !== "unknown_event").length;
  if (explained !== suspense.length) {
    found.push(
      `${suspense.length} sums are in suspense, and ${explained} of them with a reason that is shown`,
    );
  }
  return found;
}
