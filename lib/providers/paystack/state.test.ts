import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { toCollectionState, toPayoutState } from "./state";

const CHARGE = "TXN-23456789ABCD";
const PAYOUT = "TXN-EFGHJKMNPQRS";
const answerOf = (data: unknown) => ({ status: 200, body: JSON.stringify({ status: true, data }) });
const charge = {
  id: 1,
  status: "success",
  reference: CHARGE,
  amount: 500_000,
  currency: "NGN",
  domain: "test",
  gateway_response: "Successful",
};
const transfer = {
  id: 2,
  status: "success",
  reference: "txn-efghjkmnpqrs-payout",
  amount: 200_000,
  currency: "NGN",
  domain: "live",
  transfer_code: "TRF_1",
};

describe("a charge that is queried", () => {
  const queried = (change: object) => toCollectionState(answerOf({ ...charge, ...change }), CHARGE);

  it("says everything in our terms", () => {
    expect(queried({})).toEqual({
      status: "succeeded",
      providerReference: CHARGE,
      amount: money(500_000n, "NGN"),
      currencyCode: "NGN",
      reasonCode: null,
      live: false,
    });
  });

  it.each([
    ["success", "succeeded"],
    ["failed", "failed"],
    ["reversed", "reversed"],
    ["abandoned", "pending"],
    ["pending", "pending"],
    ["ongoing", "pending"],
    ["processing", "pending"],
    ["queued", "pending"],
    ["constructor", "pending"],
    ["", "pending"],
  ])("%j is %s", (status, expected) => {
    expect(queried({ status }).status).toBe(expected);
  });

  it.each([
    ["fees on top are nobody's money", { amount: 517_767, requested_amount: 500_000 }, 500_000n],
    [
      "less than the requested amount is read as paid",
      { amount: 499_900, requested_amount: 500_000 },
      499_900n,
    ],
    ["the requested amount is missing", { amount: 517_767, requested_amount: null }, 517_767n],
    ["the requested amount is none", { amount: 517_767, requested_amount: "none" }, 517_767n],
  ])("%s", (_, change, expected) => {
    expect(queried(change).amount).toEqual(money(expected, "NGN"));
  });

  it("a reason is read as a code without digits", () => {
    const state = queried({
      status: "failed",
      gateway_response: "Declined: card 4084, call +234 803 000 0000",
    });
    expect(state.reasonCode).toBe("declined_card_call");
  });

  it.each([
    ["another reference", answerOf({ ...charge, reference: "TXN-AAAAAAAAAAAA" })],
    ["no state", answerOf({ ...charge, status: 1 })],
    ["no data", answerOf(null)],
    ["a list", answerOf([charge])],
    ["status false", { status: 200, body: JSON.stringify({ status: false, data: charge }) }],
  ])("%s is refused", (_, answer) => {
    expect(() => toCollectionState(answer, CHARGE)).toThrow(
      expect.objectContaining({ kind: "outcome_unknown" }),
    );
  });

  it.each([400, 404])("that Paystack doesn't know (%i) is not_found", (status) => {
    const body = '{"status":false,"message":"Transaction reference not found."}';
    expect(toCollectionState({ status, body }, CHARGE).status).toBe("not_found");
  });
});

describe("a transfer that is queried", () => {
  const queried = (change: object) => toPayoutState(answerOf({ ...transfer, ...change }), PAYOUT);

  it("says everything in our terms", () => {
    expect(queried({})).toEqual({
      status: "succeeded",
      providerReference: "TRF_1",
      amount: money(200_000n, "NGN"),
      currencyCode: "NGN",
      reasonCode: null,
      live: true,
    });
  });

  it.each([
    ["success", "succeeded"],
    ["failed", "failed"],
    ["abandoned", "failed"],
    ["blocked", "failed"],
    ["rejected", "failed"],
    ["reversed", "reversed"],
    ["pending", "pending"],
    ["otp", "pending"],
    ["received", "pending"],
    ["something new", "pending"],
  ])("%j is %s", (status, expected) => {
    expect(queried({ status }).status).toBe(expected);
  });

  it("another transfer's answer is outcome_unknown", () => {
    expect(() => queried({ reference: "txn-aaaaaaaaaaaa-payout" })).toThrow(
      expect.objectContaining({ kind: "outcome_unknown" }),
    );
  });

  it("404 is not_found", () => {
    const answer = { status: 404, body: '{"status":false,"message":"Transfer not found"}' };
    expect(toPayoutState(answer, PAYOUT)).toMatchObject({ status: "not_found", amount: null });
  });
});
