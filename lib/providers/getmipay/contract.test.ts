import { readFileSync } from "node:fs";
import { describeProviderContract } from "@/e2e/support/provider-contract";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from ".";
import { sign } from "./client";
import { getMiPayManifest } from "./manifest";

const keys = {
  GETMIPAY_API_KEY: "pk_test_contract",
  GETMIPAY_SECRET_KEY: "sk_test_contract_0123456789",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_contract_0123456789",
};

describeProviderContract({
  name: "GetMiPay v1",
  createAdapter: ({ url, callTimeoutMs }) =>
    createGetMiPay(parseSettings(getMiPayManifest.settings, { ...keys, GETMIPAY_API_URL: url }), {
      callTimeoutMs,
    }),
  collectionAccepted: ({ url }) => ({
    status: 201,
    body: { success: true, transaction_id: "TXN123456", payment_url: `${url}/payment/TXN123456` },
  }),
  collectionOnForeignHost: {
    status: 201,
    body: { transaction_id: "TXN123456", payment_url: "https://getmipay.com.evil.test/payment/TXN123456" },
  },
  payoutAccepted: { status: 201, body: { success: true, payout_id: "PAYOUT123456" } },
  declined: { status: 402, body: { success: false, message: "Declined" } },
  invalidDestination: { status: 400, body: { success: false, message: "Invalid phone number" } },
  duplicate: { status: 409, body: { success: false, code: "duplicate_reference" } },
  genuineWebhook() {
    const rawBody = readFileSync(new URL("./fixtures/payment-completed.json", import.meta.url));
    return { rawBody, headers: new Headers({ "x-signature": sign(rawBody, keys.GETMIPAY_WEBHOOK_SECRET) }) };
  },
  signatureHeader: "x-signature",
  secrets: Object.values(keys),
});
