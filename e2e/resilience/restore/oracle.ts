import type { Deployment } from "../deployment";
import type { Acknowledged } from "./traffic";

/** The time that everything was restored to, and what was acknowledged before and after it. */
export interface RestorePoint {
  /** Milliseconds since 1970. */
  to: number;
  acknowledged: readonly Acknowledged[];
  /** Of the API's contract, by the traffic until then. */
  violations: readonly string[];
}

/** Checks that operations acknowledged before the target exist, that those sent after it don't, and that payouts are stopped. */
export async function checkRestored(
  { owner }: Pick<Deployment, "owner">,
  { to, acknowledged, violations }: RestorePoint,
): Promise<string[]> {
  const states = await readStates(owner);
  const stopped = await owner`
    select from payout_switches where provider is null and stopped and id = (select max(id) from payout_switches)`;
  return [
    ...violations,
    ...acknowledged
      .filter(({ acknowledgedAt, reference }) => acknowledgedAt < to && !states.has(reference))
      .map(({ reference }) => `${reference} was acknowledged before the target and is lost`),
    ...acknowledged
      .filter(({ sentAt, reference }) => sentAt > to && states.has(reference))
      .map(({ reference }) => `${reference} was sent after the target and exists`),
    ...(stopped.length === 1 ? [] : ["payouts run although the providers' books weren't compared"]),
  ];
}

/** Checks that nothing was paid twice, and that reconciling reported every difference between the provider's book and ours. */
export async function checkProviderBook(
  { owner, sandbox }: Pick<Deployment, "owner" | "sandbox">,
  reported: readonly string[],
): Promise<string[]> {
  const states = await readStates(owner);
  const moved = [...sandbox.book.list("collection"), ...sandbox.book.list("payout")];
  return moved.flatMap(({ kind, reference: theirs, timesPaid }) => {
    // Paystack knows our payouts by a reference with a suffix.
    const isSame = (ours: string) => theirs === ours || theirs === `${ours.toLowerCase()}-payout`;
    const state = states.get([...states.keys()].find(isSame) ?? "");
    const isKnown = state === (kind === "payout" ? "paid" : "succeeded") || reported.some(isSame);
    const found = `is ${state ?? "missing"} in our database, and reconciling didn't report it`;
    return [
      ...(timesPaid > 1 ? [`${theirs} was paid ${timesPaid} times`] : []),
      ...(timesPaid > 0 && !isKnown ? [`${theirs} moved money at the provider, ${found}`] : []),
    ];
  });
}

async function readStates(owner: Deployment["owner"]): Promise<Map<string, string>> {
  const rows = await owner<{ reference: string; state: string }[]>`select reference, state from operations`;
  return new Map(rows.map(({ reference, state }) => [reference, state]));
}
