import { describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { generateHistory } from "./generate-history";

describe("a generated history", () => {
  it("follows from its seed, and has every fault", () => {
    const drawn = generateHistory(randomFrom("7/histories/0"));
    expect(drawn).toEqual(generateHistory(randomFrom("7/histories/0")));
    expect(drawn).not.toEqual(generateHistory(randomFrom("7/histories/1")));
    const codes = drawn.operations.flatMap((each) => ("scenario" in each ? [each.scenario.code] : []));
    expect(codes).toEqual(
      expect.arrayContaining(["payout_failed", "payout_reversed", "payment_amount_lower"]),
    );
    const strategies = drawn.operations.flatMap((each) => ("strategy" in each ? [each.strategy.kind] : []));
    expect(strategies).toEqual(expect.arrayContaining(["concurrent", "replay", "other_body", "disconnect"]));
    expect(drawn.operations).toContainEqual(expect.objectContaining({ kind: "key", what: "revoke" }));
  });
});
