import { checkSums } from "./check-sums";
import { type DepositScript, expectedEnd } from "./deposit-script";
import type { Observed, ObservedCase, Sum } from "./payment-kind";

/** The violations before an operator does anything: each deposit ends as its provider's book says. Pure. */
export function checkDeposits(
  { sent }: { sent: ReadonlySet<string> },
  observed: ObservedCase<DepositScript>,
): string[] {
  const { payments } = observed;
  const ends = payments.map(({ record: { script } }) => ({
    ...expectedEnd(script),
    provider: script.provider,
  }));
  const walletsMinor = ends.reduce((sum, { creditedMinor }) => sum + creditedMinor, 0n);
  const suspense = ends.flatMap((end): Sum[] =>
    end.suspense ? [{ ...end.suspense, provider: end.provider }] : [],
  );
  const credited = ends.map(({ provider, creditedMinor }): Sum => {
    return { provider, currencyCode: "XOF", amountMinor: creditedMinor };
  });
  return [
    ...payments.flatMap(checkOne),
    ...checkSums(observed, { cleared: [...credited, ...suspense], walletsMinor }, sent.size),
    ...checkSuspense(observed, suspense),
  ];
}

function nameOf({ index, provider, fate }: DepositScript): string {
  return `deposit ${index} (${provider}, ${fate})`;
}

function checkOne({ record, state, creditedMinor, credits, reasons }: Observed<DepositScript>): string[] {
  const { script } = record;
  const end = expectedEnd(script);
  const violations: string[] = [];
  if (!end.states.includes(state)) violations.push(`must be ${end.states.join(" or ")} and is ${state}`);
  if (creditedMinor !== end.creditedMinor || credits > 1)
    violations.push(`must be credited ${end.creditedMinor} and is ${creditedMinor}, in ${credits} times`);
  if (end.review !== null && !reasons.includes(end.review))
    violations.push(`no operator is told of its ${end.review}, only of [${reasons.join(", ")}]`);
  if (state === "review" && !reasons.some((why) => why.startsWith("review")))
    violations.push("is in review and has no dead letter");
  return violations.map((violation) => `${nameOf(script)}: ${violation}`);
}

function checkSuspense(
  { suspense, suspenseReasons }: ObservedCase<DepositScript>,
  expected: readonly Sum[],
): string[] {
  const listOf = (sums: readonly Sum[]) =>
    sums
      .map(({ provider, amountMinor, currencyCode }) => `${provider} ${amountMinor} ${currencyCode}`)
      .sort()
      .join("; ");
  const [wanted, booked] = [listOf(expected), listOf(suspense)];
  const explained = suspenseReasons.filter((why) => why !== "" && why !== "unknown_event").length;
  return [
    ...(wanted === booked ? [] : [`in suspense must be [${wanted}], are [${booked}]`]),
    ...(explained === suspense.length
      ? []
      : [`${suspense.length} sums are in suspense, ${explained} of them with a reason`]),
  ];
}
