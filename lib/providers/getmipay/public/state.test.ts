import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { toCheckBody, toQuery, toState } from "./state";

const REFERENCE = "TXN-23456789ABCD";
const THEIRS = "MPAYIN_A1B2C3D4E5F6/MLS690d472dd7ee7B";
const query = toQuery(REFERENCE, THEIRS);
const body = readFileSync(new URL("../fixtures/public-check.json", import.meta.url), "utf8");
const { data } = JSON.parse(body);
const answer = (change: object) => ({
  status: 200,
  body: JSON.stringify({ success: true, data: { ...data, ...change } }),
});

describe("the query", () => {
  it("by both of their ids", () => {
    expect(toCheckBody(query)).toEqual({ order_id: "MPAYIN_A1B2C3D4E5F6", pay_id: "MLS690d472dd7ee7B" });
  });

  it("by the one id of a callback, twice", () => {
    const body = toCheckBody(toQuery(REFERENCE, "MPAYIN_A1B2C3D4E5F6"));
    expect(body).toEqual({ order_id: "MPAYIN_A1B2C3D4E5F6", pay_id: "MPAYIN_A1B2C3D4E5F6" });
  });

  it("by our reference where theirs isn't known", () => {
    expect(toCheckBody(toQuery(REFERENCE, null))).toEqual({ order_id: REFERENCE, pay_id: REFERENCE });
  });
});

describe("the response", () => {
  it("names its currency in any case", () => {
    expect(toState(answer({ currency: " xof " }), query)).toMatchObject({ currencyCode: "XOF" });
  });

  it("is mapped to our terms", () => {
    expect(toState({ status: 200, body }, query)).toEqual({
      status: "succeeded",
      providerReference: THEIRS,
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: null,
    });
  });

  it.each([
    ["pending", "pending"],
    ["processing", "pending"],
    ["success", "succeeded"],
    ["SUCCESS", "succeeded"],
    ["failed", "failed"],
    ["timeout", "pending"],
    ["cancelled", "failed"],
    [" Successful ", "succeeded"],
    ["PAID", "succeeded"],
    ["expired", "pending"],
    ["constructor", "pending"],
    ["", "pending"],
  ])("%j is %s", (word, status) => {
    expect(toState(answer({ status: word }), query).status).toBe(status);
  });

  it.each([
    [5000, 5000n],
    ["5000", 5000n],
    ["5000.00", 5000n],
    [5000.5, null],
    ["5000.50", null],
    ["05000", null],
    ["5 000", null],
    [0, null],
    [-5000, null],
    [1e21, null],
    [null, null],
    [[5000], null],
  ])("the amount %j becomes %s", (amount, expected) => {
    expect(toState(answer({ amount }), query).amount?.amountMinor ?? null).toBe(expected);
  });

  it.each([
    ["XAF", "XAF"],
    ["EUR", "EUR"],
    [undefined, null],
    [7, null],
  ])("the currency %j gives no amount", (currency, currencyCode) => {
    expect(toState(answer({ currency }), query)).toMatchObject({ amount: null, currencyCode });
  });

  it("queried by one id, it adds the other", () => {
    const half = toQuery(REFERENCE, "MPAYIN_A1B2C3D4E5F6");
    expect(toState({ status: 200, body }, half).providerReference).toBe(THEIRS);
    expect(toState(answer({ pay_id: undefined }), half).providerReference).toBeNull();
  });

  it.each([
    ["another transaction", { order_id: "MPAYIN_OTHER" }],
    ["another payment", { pay_id: "MLSother" }],
    ["nothing by name", { order_id: undefined }],
    ["no status", { status: undefined }],
  ])("an answer about %s is outcome_unknown", (_, change) => {
    expect(() => toState(answer(change), query)).toThrow(
      expect.objectContaining({ kind: "outcome_unknown" }),
    );
  });

  it("an unknown transaction is not_found, only in GetMiPay's own format", () => {
    const no = JSON.stringify({ success: false, message: "Transaction not found" });
    expect(toState({ status: 404, body: no }, query)).toMatchObject({ status: "not_found", amount: null });
    expect(() => toState({ status: 404, body: "<html>" }, query)).toThrow();
    expect(() => toState({ status: 422, body: no }, query)).toThrow();
  });

  it.each([400, 404, 422])("by our reference, %i in GetMiPay's own format is not_found", (status) => {
    const no = JSON.stringify({ success: false, message: "The order id is invalid" });
    expect(toState({ status, body: no }, toQuery(REFERENCE, null)).status).toBe("not_found");
    expect(() => toState({ status, body: "" }, toQuery(REFERENCE, null))).toThrow();
  });
});
