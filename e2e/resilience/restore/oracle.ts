import type { Deployment } from "../deployment";
import type { Acknowledged } from "./traffic";

/** The time that everything was restored to, and what was acknowledged before and after it. */
export interface RestorePoint {
  /** Milliseconds since 1970. */
  to: number;
  acknowledged: readonly Acknowledged[];
}

/** Checks that operations acknowledged before the target exist, that those sent after it don't, and that payouts are stopped. */
export async function checkRestored(
  deployment: Pick<Deployment, "owner">,
  { to, acknowledged }: RestorePoint,
): Promise<string[]> {
  const rows = await deployment.owner<{ reference: string }[]>`select reference from operations`;
  const there = new Set(rows.map(({ reference }) => reference));
  const lost = acknowledged.filter(
    ({ acknowledgedAt, reference }) => acknowledgedAt < to && !there.has(reference),
  );
  const early = acknowledged.filter(({ sentAt, reference }) => sentAt > to && there.has(reference));
  const isStopped = await deployment.owner`
    select from payout_switches where provider is null and stopped and id = (select max(id) from payout_switches)`;
  return [
    ...lost.map(({ reference }) => `${reference} was acknowledged before the target and is lost`),
    ...early.map(({ reference }) => `${reference} was sent after the target and exists`),
    ...(isStopped.length === 1
      ? []
      : ["payouts aren't stopped although the providers' books weren't compared"]),
  ];
}

/** Checks that reconciling reported every difference between the provider's book and ours. */
export async function checkProviderBook(
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
    // Paystack knows our payouts by a reference with a suffix.
    const known = [...states.keys()].find((reference) => isSame(reference, theirs));
    const ended = kind === "payout" ? "paid" : "succeeded";
    const twice = timesPaid > 1 ? [`${theirs} was paid ${timesPaid} times`] : [];
    if (known !== undefined && states.get(known) === ended) return twice;
    const isNamed = [...named].some((reference) => isSame(reference, theirs));
    const what = known === undefined ? "isn't in our database" : `is ${states.get(known)} in our database`;
    return isNamed
      ? twice
      : [...twice, `${theirs} moved money at the provider, ${what}, and reconciling didn't report it`];
  });
}

function isSame(ours: string, theirs: string): boolean {
  return theirs === ours || theirs === `${ours.toLowerCase()}-payout`;
}
