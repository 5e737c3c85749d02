import type { ClientOptions } from "../exchange";
import type { PayoutRequest, Provider } from "../provider";
import { asking, harmless } from "./answer";
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
  /** Milliseconds; the system's clock unless told. */
  now?: () => number;
}

/**
 * Paystack in Nigeria: hosted checkout in, transfers to bank accounts out. Both can be asked about by our reference,
 * and a reference that was used is refused, never paid twice.
 */
export function createPaystack(config: PaystackSettings, options: PaystackOptions = {}): Provider {
  const client = createClient(config, options);

  async function createRecipient(request: PayoutRequest): Promise<string> {
    const body = toRecipientBody(toBankAccount(request));
    return await harmless(async () => toRecipientCode(await client.post("/transferrecipient", body)));
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
      asking(async () => {
        const answer = await client.get(`/transaction/verify/${encodeURIComponent(reference)}`);
        return toCollectionState(answer, reference);
      }),
    async createPayout(request) {
      const transfer = (recipient: string) => toTransferBody(request, recipient);
      // What can't be said in their terms is refused here, before a recipient is made for it.
      transfer("");
      const answer = await client.post("/transfer", transfer(await createRecipient(request)));
      return toPayoutCreated(answer, request.reference);
    },
    getPayout: (reference) =>
      asking(async () => {
        const answer = await client.get(`/transfer/verify/${toTransferReference(reference)}`);
        return toPayoutState(answer, reference);
      }),
    listTransactions: (from, to) => asking(() => listTransactions(client, from, to)),
    banks: createBankDirectory(client, options.now),
    verifyWebhook: (rawBody, headers) => verifyPaystackWebhook(rawBody, headers, config.secretKey),
  };
}
