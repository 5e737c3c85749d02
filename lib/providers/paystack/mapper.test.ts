import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectionRequest, payoutRequest } from "@/e2e/support/contract-subject";
import { money } from "@/lib/money/money";
import { isPaymentUrl } from "../payment-url";
import type { PayoutRequest } from "../provider";
import { readAmount, toHundredths } from "./amount";
import { isNotFound, toProviderError } from "./answer";
import {
  toBankAccount,
  toCollectionCreated,
  toInitializeBody,
  toPayoutCreated,
  toRecipientBody,
  toTransferBody,
} from "./mapper";
import { fromTransferReference, toTransferReference } from "./reference";

const bank = { bankCode: "058", accountNumber: "0123456789", accountName: "Adaeze Nwosu" };
const collection = {
  ...collectionRequest,
  amount: money(500_000n, "NGN"),
  method: "card",
  email: "awa@example.test",
};
const payout: PayoutRequest = { ...payoutRequest, amount: money(200_000n, "NGN"), method: "bank", bank };

describe("amounts are hundredths in every currency", () => {
  it.each([
    [money(500_000n, "NGN"), 500_000],
    [money(1n, "NGN"), 1],
    [money(5000n, "XOF"), 500_000],
  ])("%o is sent as %i, and read back", (amount, hundredths) => {
    expect(toHundredths(amount)).toBe(hundredths);
    expect(readAmount(hundredths, amount.currency)).toEqual({ amount, currencyCode: amount.currency });
  });

  it.each([money(0n, "NGN"), money(-1n, "NGN"), money(2n ** 60n, "NGN"), money(2n ** 50n, "XOF")])(
    "%o is refused before anything is sent",
    (amount) => {
      expect(() => toHundredths(amount)).toThrow(expect.objectContaining({ kind: "declined" }));
    },
  );

  it.each([
    ["5000.50", "NGN", "NGN"],
    ["5 000", "NGN", "NGN"],
    [0, "NGN", "NGN"],
    [-5, "NGN", "NGN"],
    [1.5, "NGN", "NGN"],
    [2 ** 60, "NGN", "NGN"],
    [null, "NGN", "NGN"],
    [150, "XOF", "XOF"],
    [500_000, "GHS", "GHS"],
    [500_000, "toString", null],
    [500_000, undefined, null],
  ])("%j %s is no amount", (value, currency, currencyCode) => {
    expect(readAmount(value, currency)).toEqual({ amount: null, currencyCode });
  });
});

describe("references", () => {
  it("a transfer's reference is valid at Paystack and maps back to ours", () => {
    const ours = fc.stringMatching(/^TXN-[2-9A-HJ-NP-Z]{12}$/);
    fc.assert(
      fc.property(ours, (reference) => {
        const theirs = toTransferReference(reference);
        expect(theirs).toMatch(/^[a-z0-9_-]{16,50}$/);
        expect(fromTransferReference(theirs)).toBe(reference);
      }),
    );
    expect(toTransferReference("TXN-7K4MABCD2QX9")).toBe("txn-7k4mabcd2qx9-payout");
  });

  it.each(["txn-7k4mabcd2qx9", "TXN_7K4MABCD2QX9", "TXN-é", "TXN", `TXN-${"A".repeat(60)}`])(
    "%s could not be read back, so nothing is sent under it",
    (reference) => {
      expect(() => toTransferReference(reference)).toThrow(expect.objectContaining({ kind: "declined" }));
    },
  );

  it.each([null, 7, "", "txn-7k4mabcd2qx9", "TXN-7K4MABCD2QX9-PAYOUT", "salary_of_may-payout", "-payout"])(
    "%j is no transfer of ours",
    (value) => {
      expect(fromTransferReference(value)).toBeNull();
    },
  );
});

describe("requests", () => {
  it("a collection", () => {
    expect(toInitializeBody(collection)).toEqual({
      email: "awa@example.test",
      amount: 500_000,
      currency: "NGN",
      reference: "TXN-23456789ABCD",
      callback_url: collection.returnUrl,
      channels: ["card"],
      metadata: { user_id: collection.userId, locale: "fr", cancel_action: collection.returnUrl },
    });
  });

  it("a method without channels of its own leaves the choice to the page", () => {
    expect(toInitializeBody({ ...collection, method: "constructor" })).not.toHaveProperty("channels");
    expect(toInitializeBody({ ...collection, method: "bank" })).toMatchObject({
      channels: ["bank", "bank_transfer"],
    });
  });

  it.each([undefined, ""])("without an e-mail address (%j) nothing is sent", (email) => {
    expect(() => toInitializeBody({ ...collection, email })).toThrow(
      expect.objectContaining({ kind: "declined", providerCode: "email_required" }),
    );
  });

  it("a payout, in two steps", () => {
    expect(toRecipientBody(toBankAccount(payout))).toEqual({
      type: "nuban",
      name: "Adaeze Nwosu",
      account_number: "0123456789",
      bank_code: "058",
      currency: "NGN",
    });
    expect(toTransferBody(payout, "RCP_1")).toEqual({
      source: "balance",
      amount: 200_000,
      currency: "NGN",
      recipient: "RCP_1",
      reference: "txn-efghjkmnpqrs-payout",
      reason: "TXN-EFGHJKMNPQRS",
    });
  });

  it.each([
    [{ bank: undefined }, "invalid_destination"],
    [{ bank: { ...bank, accountNumber: "123" } }, "invalid_destination"],
    [{ bank: { ...bank, bankCode: "0/58" } }, "invalid_destination"],
    [{ amount: money(2000n, "XOF") }, "declined"],
  ])("a payout with %o is refused", (change, kind) => {
    expect(() => toBankAccount({ ...payout, ...change })).toThrow(expect.objectContaining({ kind }));
  });
});

describe("a refusal in Paystack's own format", () => {
  it.each([
    [400, { code: "duplicate_reference", message: "Duplicate Transaction Reference" }, "duplicate"],
    [
      400,
      { message: "Please provide a unique reference. Reference already exists on a transfer" },
      "duplicate",
    ],
    [400, { code: "duplicate_transfer_reference" }, "duplicate"],
    [400, { message: "Your balance is not enough to fulfil this request" }, "insufficient_float"],
    [400, { code: "insufficient_balance" }, "insufficient_float"],
    [400, { message: "Recipient specified is invalid" }, "invalid_destination"],
    [422, { message: "Could not resolve account name. Check parameters" }, "invalid_destination"],
    [400, { code: "invalid_bank_code" }, "invalid_destination"],
    [400, { message: "Invalid amount", type: "validation_error" }, "declined"],
    [403, { message: "Currency not supported by merchant" }, "declined"],
    [400, { message: "The bank is not answering", type: "processor_error" }, "outcome_unknown"],
    [401, { message: "Invalid key" }, "unavailable"],
    [404, { message: "Entity not found" }, "outcome_unknown"],
    [408, {}, "outcome_unknown"],
    [429, {}, "rate_limited"],
    [500, { message: "Insufficient balance" }, "outcome_unknown"],
  ])("%i %o is %s", (status, body, kind) => {
    const answer = { status, body: JSON.stringify({ status: false, ...body }) };
    expect(toProviderError(answer)).toMatchObject({ kind });
  });

  it.each([
    [400, "<html>Bad Request</html>"],
    [403, "<html>Attention required</html>"],
    [422, '{"status":true}'],
    [400, "null"],
  ])("%i %s isn't in Paystack's own format: outcome_unknown", (status, body) => {
    expect(toProviderError({ status, body })).toMatchObject({ kind: "outcome_unknown" });
  });

  it("free text never becomes a code", () => {
    const answer = { status: 400, body: '{"status":false,"code":"see 0123456789","message":"0123456789"}' };
    expect(toProviderError(answer).providerCode).toBe("http_400");
  });

  it.each([
    [404, '{"status":false,"message":"Transfer not found"}', true],
    [
      400,
      '{"status":false,"message":"Transaction reference not found.","code":"transaction_not_found"}',
      true,
    ],
    [400, '{"status":false,"message":"Invalid reference"}', false],
    [404, "<html>Not found</html>", false],
    [500, '{"status":false,"message":"Transfer not found"}', false],
  ])("%i %s: not found is %s", (status, body, isMissing) => {
    expect(isNotFound({ status, body })).toBe(isMissing);
  });
});

describe("a success", () => {
  const answerOf = (data: object) => ({ status: 200, body: JSON.stringify({ status: true, data }) });
  const transfer = { transfer_code: "TRF_1", reference: "txn-efghjkmnpqrs-payout" };

  it.each(["pending", "success", "received"])("a transfer that is %s is accepted", (status) => {
    expect(toPayoutCreated(answerOf({ ...transfer, status }), payout.reference)).toEqual({
      providerReference: "TRF_1",
    });
  });

  it.each([
    ["otp", "outcome_unknown", "otp_required"],
    ["failed", "declined", "transfer_failed"],
    ["abandoned", "declined", "transfer_abandoned"],
    ["blocked", "declined", "transfer_blocked"],
    ["rejected", "declined", "transfer_rejected"],
    ["reversed", "declined", "transfer_reversed"],
    ["constructor", "outcome_unknown", "unknown_status"],
  ])("a transfer that is %s is %s (%s)", (status, kind, providerCode) => {
    expect(() => toPayoutCreated(answerOf({ ...transfer, status }), payout.reference)).toThrow(
      expect.objectContaining({ kind, providerCode }),
    );
  });

  it("about another reference is outcome_unknown", () => {
    const other = answerOf({ ...transfer, status: "pending", reference: "txn-aaaaaaaaaaaa-payout" });
    expect(() => toPayoutCreated(other, payout.reference)).toThrow(
      expect.objectContaining({ kind: "outcome_unknown" }),
    );
    const page = answerOf({
      authorization_url: "https://checkout.paystack.com/1",
      reference: "TXN-AAAAAAAAAAAA",
    });
    expect(() => toCollectionCreated(page, collection.reference, ["checkout.paystack.com"])).toThrow(
      expect.objectContaining({ kind: "outcome_unknown" }),
    );
  });
});

describe("the browser is only sent to the provider", () => {
  const hosts = ["checkout.paystack.com", "127.0.0.1:4010"];

  it.each(["https://checkout.paystack.com/0peioxfhpn", "http://127.0.0.1:4010/paystack/checkout/1"])(
    "%s is fine",
    (url) => {
      expect(isPaymentUrl(url, hosts)).toBe(true);
    },
  );

  it.each([
    "",
    "/checkout/1",
    "//checkout.paystack.com/1",
    "javascript:alert(1)//checkout.paystack.com",
    "http://checkout.paystack.com/1",
    "https://checkout.paystack.com.evil.test/",
    "https://checkout.paystack.com@evil.test/",
    "https://user:pass@checkout.paystack.com/",
    "https://checkout.paystack.com:8443/",
    "https://evil.test\\@checkout.paystack.com/",
    "https://checkout.pay\nstack.com/",
    "https://paystack.com/",
    "http://127.0.0.1:4011/1",
  ])("%j is refused", (url) => {
    expect(isPaymentUrl(url, hosts)).toBe(false);
  });
});
