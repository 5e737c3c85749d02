import { readFileSync } from "node:fs";
import { collectionRequest, payoutRequest } from "@/e2e/support/contract-subject";
import { describeProviderContract } from "@/e2e/support/provider-contract";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from ".";
import { paystackManifest } from "./manifest";
import { sign } from "./webhook";

const PAYSTACK_SECRET_KEY = "sk_test_contract_0123456789";

describeProviderContract({
  name: "Paystack",
  createAdapter: ({ url, callTimeoutMs }) =>
    createPaystack(parseSettings(paystackManifest.settings, { PAYSTACK_SECRET_KEY, PAYSTACK_API_URL: url }), {
      callTimeoutMs,
    }),
  collectionRequest: {
    ...collectionRequest,
    amount: money(500_000n, "NGN"),
    method: "card",
    email: "awa@example.test",
  },
  payoutRequest: {
    ...payoutRequest,
    amount: money(200_000n, "NGN"),
    method: "bank",
    phone: "",
    bank: { bankCode: "058", accountNumber: "0123456789", accountName: "Adaeze Nwosu" },
  },
  payoutPreparation: {
    path: "/transferrecipient",
    accepted: { status: 201, body: { status: true, data: { recipient_code: "RCP_test000000001" } } },
  },
  collectionAccepted: ({ url }) => ({
    status: 200,
    body: {
      status: true,
      message: "Authorization URL created",
      data: {
        authorization_url: `${url}/checkout/0peioxfhpn`,
        access_code: "0peioxfhpn",
        reference: collectionRequest.reference,
      },
    },
  }),
  collectionOnForeignHost: {
    status: 200,
    body: {
      status: true,
      data: {
        authorization_url: "https://checkout.paystack.com.evil.test/0peioxfhpn",
        access_code: "0peioxfhpn",
        reference: collectionRequest.reference,
      },
    },
  },
  payoutAccepted: {
    status: 200,
    body: {
      status: true,
      message: "Transfer has been queued",
      data: {
        status: "pending",
        transfer_code: "TRF_test000000001",
        reference: "txn-efghjkmnpqrs-payout",
      },
    },
  },
  declined: { status: 400, body: { status: false, message: "Amount is invalid", code: "invalid_params" } },
  invalidDestination: {
    status: 400,
    body: { status: false, message: "Recipient specified is invalid", code: "invalid_transfer_recipient" },
  },
  duplicate: {
    status: 400,
    body: { status: false, message: "Duplicate Transaction Reference", code: "duplicate_reference" },
  },
  genuineWebhook() {
    const rawBody = readFileSync(new URL("./fixtures/charge-success.json", import.meta.url));
    return { rawBody, headers: new Headers({ "x-paystack-signature": sign(rawBody, PAYSTACK_SECRET_KEY) }) };
  },
  signatureHeader: "x-paystack-signature",
  secrets: [PAYSTACK_SECRET_KEY],
});
