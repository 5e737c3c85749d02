import { type DepositScript, expectedEnd } from "./deposit-script";
import type { Observed, ObservedCase } from "./payment-kind";

/**
 * Checks that each deposit ends as its provider's book says, and that what belongs to nobody waits in suspense. That credits,
 * suspense and clearing follow from these states is the audit's part. Pure.
 */
export function checkDeposits({ payments, suspense }: ObservedCase<DepositScript>): string[] {
  const expected = payments.flatMap(({ record: { script } }) => {
    const sum = expectedEnd(script).suspense;
    return sum === null ? [] : [`${script.provider} ${sum.amountMinor} ${sum.currencyCode}`];
  });
  const [wanted, booked] = [expected, suspense].map((sums) => sums.toSorted().join("; "));
  return [
    ...payments.flatMap(checkOne),
    ...(wanted === booked ? [] : [`in suspense must be [${wanted}], are [${booked}]`]),
  ];
}

function checkOne({ record, state, reasons }: Observed<DepositScript>): string[] {
  const { index, provider, fate } = record.script;
  const { states, review } = expectedEnd(record.script);
  const violations: string[] = [];
  if (!states.includes(state)) violations.push(`must be ${states.join(" or ")} and is ${state}`);
  if (review !== null && !reasons.includes(review))
    violations.push(`no operator is told of its ${review}, only of [${reasons.join(", ")}]`);
  if (state === "review" && !reasons.some((why) => why.startsWith("review")))
    violations.push("is in review and has no dead letter");
  return violations.map((violation) => `deposit ${index} (${provider}, ${fate}): ${violation}`);
}
