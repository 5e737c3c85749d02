import type { Deployment } from "../deployment";
import type { Acknowledged } from "./traffic";

/** The moment to which everything was put back, and what clients had been promised before and after it. */
export interface Moment {
  /** Milliseconds since 1970. */
  to: number;
  acknowledged: readonly Acknowledged[];
}

/** What isn't as it was: operations answered before the moment that are missing, operations sent after it that are there. */
export async function judgeRestored(
  deployment: Pick<Deployment, "owner">,
  { to, acknowledged }: Moment,
): Promise<string[]> {
  const rows = await deployment.owner<{ reference: string }[]>`select reference from operations`;
  const there = new Set(rows.map(({ reference }) => reference));
  const lost = acknowledged.filter(({ answeredAt, reference }) => answeredAt < to && !there.has(reference));
  const early = acknowledged.filter(({ sentAt, reference }) => sentAt > to && there.has(reference));
  const isStopped = await deployment.owner`
    select from payout_switches where provider is null and stopped and id = (select max(id) from payout_switches)`;
  return [
    ...lost.map(({ reference }) => `${reference} was answered before the moment and is gone`),
    ...early.map(({ reference }) => `${reference} was sent after the moment and is there`),
    ...(isStopped.length === 1 ? [] : ["payouts go on although the providers' books weren't compared"]),
  ];
}

/** What the provider's book and ours don't agree on, but for what reconciling named. */
export async function judgeProvider(
  deployment: Pick<Deployment, "owner" | "sandbox">,
  breaks: readonly { kind: string; reference: string }[],
): Promise<string[]> {
  const named = new Set(breaks.map(({ reference }) => reference));
  const { book } = deployment.sandbox;
  const moved = [...book.list("collection"), ...book.list("payout")].filter(({ timesPaid }) => timesPaid > 0);
  const rows = await deployment.owner<
    { reference: string; state: string }[]
  >`select reference, state from operations`;
  const states = new Map(rows.map(({ reference, state }) => [reference, state]));
  return moved.flatMap(({ kind, reference: theirs, timesPaid }) => {
    // Paystack's payouts carry a suffix of ours.
    const known = [...states.keys()].find((reference) => isSame(reference, theirs));
    const ended = kind === "payout" ? "paid" : "succeeded";
    const twice = timesPaid > 1 ? [`${theirs} was paid ${timesPaid} times`] : [];
    if (known !== undefined && states.get(known) === ended) return twice;
    const isNamed = [...named].some((reference) => isSame(reference, theirs));
    const what = known === undefined ? "isn't in our books" : `is ${states.get(known)} in our books`;
    return isNamed
      ? twice
      : [...twice, `${theirs} moved money at the provider, ${what}, and reconciling didn't say so`];
  });
}

function isSame(ours: string, theirs: string): boolean {
  return theirs === ours || theirs === `${ours.toLowerCase()}-payout`;
}
