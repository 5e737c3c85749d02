import { money } from "@/lib/money/money";
import type { CollectionRequest, PayoutRequest, Provider } from "@/lib/providers/provider";
import type { Script } from "./scripted-http-server";

/** What the suite needs from a vendor: an adapter for a scripted server, and that server's responses. */
export interface ContractSubject {
  name: string;
  /** Calls time out after `callTimeoutMs`. */
  createAdapter(server: { url: string; callTimeoutMs: number }): Provider;
  collectionAccepted(server: { url: string }): Script;
  collectionOnForeignHost: Script;
  payoutAccepted: Script;
  /** A call before each payout that moves no money, such as registering its recipient. */
  payoutPreparation?: { path: string; accepted: Script };
  /** The requests, if other than {@link collectionRequest} and {@link payoutRequest}. */
  collectionRequest?: CollectionRequest;
  payoutRequest?: PayoutRequest;
  declined: Script;
  invalidDestination: Script;
  duplicate: Script;
  /** A callback of the vendor: signed in a header or, without signatures, verified by the address that we gave out. */
  genuineWebhook(): { rawBody: Uint8Array; headers: Headers; calledAt?: URL };
  signatureHeader: string;
  /** Must not appear in any error of the adapter. */
  secrets: readonly string[];
}

export const collectionRequest: CollectionRequest = {
  reference: "TXN-23456789ABCD",
  amount: money(5000n, "XOF"),
  phone: "+22670000001",
  method: "wave",
  userId: "0d7f5f0e-6a52-4d43-9f5e-0f2f3c9f7a11",
  returnUrl: "http://localhost:3000/wallet/topup/TXN-23456789ABCD",
  callbackUrl: "http://localhost:3000/webhook/vendor/",
  locale: "fr",
};

export const payoutRequest: PayoutRequest = {
  reference: "TXN-EFGHJKMNPQRS",
  amount: money(2000n, "XOF"),
  phone: "+22670000002",
  method: "orange_money",
  userId: "0d7f5f0e-6a52-4d43-9f5e-0f2f3c9f7a11",
  callbackUrl: "http://localhost:3000/webhook/vendor/",
};
