import { z } from "zod";
import type { ApiUser as Person } from "@/e2e/support/credentials";
import { payInSandbox } from "@/lib/cli/commands/pay-in-sandbox";
import type { Deployment } from "../deployment";
import type { Random } from "../random";

/** An operation that a client got an acknowledgement of. */
export interface Acknowledged {
  reference: string;
  sentAt: number;
  acknowledgedAt: number;
}

const responseSchema = z.object({ reference: z.string(), authorization_url: z.url().nullish() });

const BANK = { bank_code: "058", account_number: "0123456789" };
// In kobo; no amount that makes the sandbox misbehave.
const ORDER_MIN = 300_000;
const ORDER_MAX = 390_000;
const WEIGHTS = { transfer: 6, deposit: 2, withdrawal: 2 } as const;

export interface Traffic {
  acknowledged: readonly Acknowledged[];
  /** Resolves when every request has its response. */
  stop(): Promise<void>;
}

/** Concurrent writers of transfers in francs, deposits in naira by card and withdrawals in naira to a bank account. */
export function startTraffic(
  deployment: Deployment,
  people: readonly Person[],
  random: Random,
  writers: number,
): Traffic {
  const acknowledged: Acknowledged[] = [];
  let isStopping = false;
  const write = async (): Promise<void> => {
    while (!isStopping) {
      const sentAt = Date.now();
      const response = await sendOne(deployment, people, random);
      if (response === null) continue;
      acknowledged.push({ reference: response.reference, sentAt, acknowledgedAt: Date.now() });
      const page = response.authorization_url ?? null;
      if (page !== null) await payInSandbox(page, deployment.sandbox.url);
    }
  };
  const writing = Promise.all(Array.from({ length: writers }, write));
  return {
    acknowledged,
    async stop() {
      isStopping = true;
      await writing;
    },
  };
}

async function sendOne(deployment: Deployment, people: readonly Person[], random: Random) {
  const from = random.pick(people);
  const to = random.pick(people.filter((person) => person !== from));
  const amount = random.int(ORDER_MIN, ORDER_MAX);
  const kind = random.weighted(WEIGHTS);
  const orders = {
    transfer: { wallet_number: to.walletNumber, amount: random.int(1, 900), currency: "XOF" },
    deposit: { amount, currency: "NGN", method: "card" },
    withdrawal: { amount, currency: "NGN", ...BANK },
  };
  const paths = { transfer: "transfer", deposit: "deposit", withdrawal: "withdraw" };
  const httpResponse = await fetch(`${deployment.url}/api/wallet/${paths[kind]}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": from.apiKey,
      "idempotency-key": random.hex(12),
    },
    body: JSON.stringify(orders[kind]),
  });
  // Refused for insufficient funds or by the provider: nothing was acknowledged.
  const body: unknown = await httpResponse.json();
  return httpResponse.status === 200 ? responseSchema.parse(body) : null;
}
