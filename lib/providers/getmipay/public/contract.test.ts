import { readFileSync } from "node:fs";
import { collectionRequest } from "@/e2e/support/contract-subject";
import { describeProviderContract } from "@/e2e/support/provider-contract";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "../manifest";
import { createPublicGetMiPay } from ".";
import { withProof } from "./callback";

const keys = {
  GETMIPAY_API_KEY: "gmp_pk_contract",
  GETMIPAY_SECRET_KEY: "gmp_sk_contract_0123456789",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_contract_0123456789",
};
const token = { value: "token-of-the-contract", expiresAt: Number.MAX_SAFE_INTEGER };
const names = { transaction_reference: "MPAYIN_A1B2C3D4E5F6", soleaspay_reference: "MLS690d472dd7ee7B" };

describeProviderContract({
  name: "GetMiPay public",
  createAdapter({ url, callTimeoutMs }) {
    const GETMIPAY_SERVICES = "wave:BF=21,orange_money:BF:out=5";
    const config = parseSettings(getMiPayManifest.settings, {
      ...keys,
      GETMIPAY_DIALECT: "public",
      GETMIPAY_API_URL: url,
      GETMIPAY_SERVICES,
    });
    return createPublicGetMiPay(config, { callTimeoutMs, token });
  },
  collectionAccepted: ({ url }) => ({
    status: 200,
    body: { success: true, data: { ...names, status: "pending", payment_url: `${url}/pay/1` } },
  }),
  collectionOnForeignHost: {
    status: 200,
    body: { success: true, data: { ...names, payment_url: "https://getmipay.com.evil.test/pay/1" } },
  },
  payoutPreparation: {
    path: "/action/auth",
    accepted: { status: 200, body: { success: true, data: { token: token.value } } },
  },
  payoutAccepted: {
    status: 200,
    body: { success: true, data: { ...names, transaction_reference: "MPAYOUT_F6E5D4C3B2A1" } },
  },
  declined: { status: 422, body: { success: false, message: "The amount is too small" } },
  invalidDestination: { status: 400, body: { success: false, message: "The wallet field is invalid" } },
  duplicate: { status: 409, body: { success: false, message: "Duplicate transaction" } },
  genuineWebhook() {
    const address = withProof(
      collectionRequest.callbackUrl,
      collectionRequest.reference,
      keys.GETMIPAY_WEBHOOK_SECRET,
    );
    const rawBody = readFileSync(new URL("../fixtures/public-callback.json", import.meta.url));
    return { rawBody, headers: new Headers(), calledAt: new URL(address) };
  },
  signatureHeader: "",
  secrets: [...Object.values(keys), token.value],
});
