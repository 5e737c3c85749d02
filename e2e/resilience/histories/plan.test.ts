import { describe, expect, it } from "vitest";
import { draw } from "../fuzzing/schema-arbitrary";
import { randomFrom } from "../random";
import { HISTORY } from "./plan";
import { providerScenario } from "./provider-scenarios";

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
    ["deposit", "plain", ["succeeded"]],
    ["deposit", "declined", ["failed"]],
    ["deposit", "payment_amount_lower", ["review"]],
    ["deposit", "payment_mode_live", ["pending"]],
    ["deposit", "payment_error_after", ["pending"]],
    ["deposit", "payment_failed_then_completed", ["succeeded"]],
    ["withdrawal", "payout_failed", ["refunded"]],
    ["withdrawal", "payout_reversed", ["refunded"]],
    ["withdrawal", "payout_failed_then_completed", ["conflict", "paid"]],
    ["withdrawal", "payout_never_settles", ["submitted"]],
    ["withdrawal", "payout_float_low", ["paid"]],
    ["withdrawal", "invalid_phone", ["refunded"]],
  ] as const)("follows from its scenario: %s, %s", (type, code, allowedStates) => {
    expect(providerScenario(type, "XOF", code).allowedStates).toEqual(allowedStates);
  });
});
