import type { ClientOptions } from "../exchange";
import type { Provider } from "../provider";
import { createClient } from "./client";
import type { GetMiPaySettings } from "./manifest";
import { toCollectionBody, toCollectionCreated, toPayoutBody, toPayoutCreated } from "./mapper";
import { GETMIPAY_METHODS } from "./methods";
import { createPublicGetMiPay } from "./public";
import { verifyGetMiPayWebhook } from "./webhook";

/** GetMiPay in the dialect that is configured. */
export function createGetMiPay(config: GetMiPaySettings, options: ClientOptions = {}): Provider {
  return config.dialect === "public"
    ? createPublicGetMiPay(config, options)
    : createSeedGetMiPay(config, options);
}

/**
 * GetMiPay in the seed's dialect, v1: two POSTs and a signed callback. It has no way to ask about a state,
 * so what stays unknown waits for its callback.
 */
function createSeedGetMiPay(config: GetMiPaySettings, options: ClientOptions): Provider {
  const client = createClient(config, options);
  return {
    name: "getmipay",
    capabilities: {
      methods: GETMIPAY_METHODS,
      signedWebhooks: true,
      queriesCollections: false,
      queriesPayouts: false,
      listsTransactions: false,
      payoutReferenceIsIdempotent: config.referenceIdempotent,
      paymentHosts: config.paymentHosts,
    },
    async createCollection(request) {
      const answer = await client.post("/v1/payments/initiate", toCollectionBody(request));
      return toCollectionCreated(answer, config.paymentHosts);
    },
    async createPayout(request) {
      return toPayoutCreated(await client.post("/v1/payouts/initiate", toPayoutBody(request)));
    },
    verifyWebhook: (rawBody, headers, _calledAt, checks) =>
      verifyGetMiPayWebhook(rawBody, headers, config.webhookSecret, checks),
  };
}
