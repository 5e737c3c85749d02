import type { ClientOptions } from "../exchange";
import type { PayoutRequest, Provider } from "../provider";
import { callWithoutMoney, readOnlyQuery } from "./answer";
import { createBankDirectory } from "./banks";
import { createClient } from "./client";
import type { PaystackSettings } from "./manifest";
import {
  toBankAccount,
  toCollectionCreated,
  toInitializeBody,
  toPayoutCreated,
  toRecipientBody,
  toRecipientCode,
  toTransferBody,
} from "./mapper";
import { PAYSTACK_METHODS } from "./methods";
import { toTransferReference } from "./reference";
import { toCollectionState, toPayoutState } from "./state";
import { listTransactions } from "./transactions";
import { verifyPaystackWebhook } from "./webhook";

export interface PaystackOptions extends ClientOptions {
  /** Milliseconds; the system's clock by default. */
  now?: () => number;
}

/**
 * Paystack in Nigeria: hosted checkout in, transfers to bank accounts out. Both can be queried by our reference,
 * and a used reference is refused, never paid twice.
 */
export function createPaystack(config: PaystackSettings, options: PaystackOptions = {}): Provider {
  const client = createClient(config, options);

  async function createRecipient(request: PayoutRequest): Promise<string> {
    const body = toRecipientBody(toBankAccount(request));
    return await callWithoutMoney(async () => toRecipientCode(await client.post("/transferrecipient", body)));
  }

  return {
    name: "paystack",
    capabilities: {
      methods: PAYSTACK_METHODS,
      signedWebhooks: true,
      queriesCollections: true,
      queriesPayouts: true,
      listsTransactions: true,
      payoutReferenceIsIdempotent: true,
      paymentHosts: config.paymentHosts,
    },
    async createCollection(request) {
      const answer = await client.post("/transaction/initialize", toInitializeBody(request));
      return toCollectionCreated(answer, request.reference, config.paymentHosts);
    },
    getCollection: (reference) =>
      readOnlyQuery(async () => {
        const answer = await client.get(`/transaction/verify/${encodeURIComponent(reference)}`);
        return toCollectionState(answer, reference);
      }),
    async createPayout(request) {
      const transfer = (recipient: string) => toTransferBody(request, recipient);
      // Throws for a request that Paystack can't express, before a recipient is created for it.
      transfer("");
      const answer = await client.post("/transfer", transfer(await createRecipient(request)));
      return toPayoutCreated(answer, request.reference);
    },
    getPayout: (reference) =>
      readOnlyQuery(async () => {
        const answer = await client.get(`/transfer/verify/${toTransferReference(reference)}`);
        return toPayoutState(answer, reference);
      }),
    listTransactions: (from, to) => readOnlyQuery(() => listTransactions(client, from, to)),
    banks: createBankDirectory(client, options.now),
    // Only the raw bytes are ever signed.
    verifyWebhook: (rawBody, headers) => verifyPaystackWebhook(rawBody, headers, config.secretKey),
  };
}
