import type { MethodRow, Provider, ProviderState } from "../../provider";
import type { GetMiPaySettings } from "../manifest";
import type { Service } from "../services";
import { callWithoutMoney } from "./answer";
import { withProof } from "./callback";
import { createPublicClient, type PublicClientOptions } from "./client";
import { serviceOf, toCollectionCreated, toPayinBody, toPayoutBody, toPayoutCreated } from "./mapper";
import { toCheckBody, toQuery, toState } from "./state";
import { readHint } from "./webhook";

/** The adapter: both collections and payouts can be queried. */
export interface PublicGetMiPay extends Provider {
  getCollection(reference: string, providerReference: string | null): Promise<ProviderState>;
  getPayout(reference: string, providerReference: string | null): Promise<ProviderState>;
}

/** `operation` header: 2 collects, 4 pays out (docs.getmipay.com). */
const COLLECT = "2";
const PAY_OUT = "4";

/** 100 is documented as the least; the most is that of the documentation's example of a service. */
function toMethodRow({ method, country, direction }: Service): MethodRow {
  return { method, country, direction, currency: "XOF", minMinor: 100n, maxMinor: 1_000_000n, stepMinor: 1n };
}

/**
 * GetMiPay as docs.getmipay.com describes it: tokens, pay-ins, payouts, and a query about either. Callbacks are
 * unsigned, so what they claim is queried. A payout takes no reference of ours, so it is sent once and never again.
 */
export function createPublicGetMiPay(
  config: GetMiPaySettings,
  options: PublicClientOptions = {},
): PublicGetMiPay {
  const client = createPublicClient(config, options);
  const { services, paymentHosts, webhookSecret } = config;

  async function check(reference: string, providerReference: string | null): Promise<ProviderState> {
    const query = toQuery(reference, providerReference);
    const call = { path: "/transaction-check", body: toCheckBody(query), again: true };
    return await callWithoutMoney(async () => toState(await client.post(call), query));
  }

  return {
    name: "getmipay",
    capabilities: {
      methods: services.map(toMethodRow),
      signedWebhooks: false,
      queriesCollections: true,
      queriesPayouts: true,
      listsTransactions: false,
      payoutReferenceIsIdempotent: false,
      payoutsHaveNoReference: true,
      paymentHosts,
    },
    async createCollection(request) {
      const headers = { operation: COLLECT, service: serviceOf(request, "in", services) };
      const body = toPayinBody(request, withProof(request.callbackUrl, request.reference, webhookSecret));
      const answer = await client.post({ path: "/payins", body, headers, again: true });
      return toCollectionCreated(answer, request, paymentHosts);
    },
    async createPayout(request) {
      const headers = { operation: PAY_OUT, service: serviceOf(request, "out", services) };
      return toPayoutCreated(
        await client.post({ path: "/payouts", body: toPayoutBody(request), headers, again: false }),
      );
    },
    getCollection: check,
    getPayout: check,
    verifyWebhook: (rawBody, _headers, callbackUrl) => readHint(rawBody, callbackUrl, webhookSecret),
  };
}
