import { describe, expect, it } from "vitest";
import { draw } from "../fuzzing/schema-arbitrary";
import { randomFrom } from "../random";
import { HISTORY } from "./plan";
import { statesAfter } from "./provider-scenarios";

describe("a drawn history", () => {
  it("follows from its seed, and has every fault", () => {
    const drawn = draw(HISTORY, randomFrom("7/histories/0"));
    expect(drawn).toEqual(draw(HISTORY, randomFrom("7/histories/0")));
    expect(drawn).not.toEqual(draw(HISTORY, randomFrom("7/histories/1")));
    const codes = drawn.operations.flatMap((each) => ("provider" in each ? [each.provider?.code] : []));
    expect(codes).toEqual(
      expect.arrayContaining(["payout_failed", "payout_reversed", "payment_amount_lower"]),
    );
    const strategies = drawn.operations.flatMap((each) => ("strategy" in each ? [each.strategy.kind] : []));
    expect(strategies).toEqual(expect.arrayContaining(["concurrent", "replay", "misuse", "disconnect"]));
  });
});

describe("what may become of an operation at the sandbox", () => {
  it.each([
    ["deposit", null, "confirmed", ["succeeded"]],
    ["deposit", null, "cancelled", ["failed"]],
    ["deposit", null, null, ["pending"]],
    ["deposit", "payment_declined", "confirmed", ["failed"]],
    ["deposit", "payment_amount_lower", "confirmed", ["review"]],
    ["deposit", "payment_mode_live", "confirmed", ["pending"]],
    ["deposit", "payment_failed_then_completed", "confirmed", ["succeeded"]],
    ["withdrawal", "payout_failed", "confirmed", ["refunded"]],
    ["withdrawal", "payout_reversed", "confirmed", ["refunded"]],
    ["withdrawal", "payout_failed_then_completed", "confirmed", ["conflict", "paid"]],
    ["withdrawal", "payout_never_settles", "confirmed", ["submitted"]],
    ["withdrawal", "payout_amount_lower", "confirmed", ["submitted"]],
  ] as const)("follows from its scenario: %s, %s, %s", (type, scenario, approval, allowed) => {
    expect(statesAfter(type, { scenario, approval })).toEqual(allowed);
  });

  it("is nothing when the provider never accepted it", () => {
    expect(statesAfter("deposit", null)).toEqual(["failed", "pending"]);
    expect(statesAfter("withdrawal", null)).toEqual(["refunded"]);
  });
});
