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

export interface Traffic {
  acknowledged: readonly Acknowledged[];
  /** Resolves when every request has its response. */
  stop(): Promise<void>;
}

const WRITERS = 6;
const BANK = { bank_code: "058", account_number: "0123456789" };
// In kobo; no amount that makes the sandbox misbehave.
const AMOUNT_MIN = 300_000;
const AMOUNT_MAX = 390_000;
const WEIGHTS = { transfer: 6, deposit: 2, withdraw: 2 } as const;

const responseSchema = z.object({ reference: z.string(), authorization_url: z.url().nullish() });

/** Concurrent writers of transfers in francs, deposits in naira by card and withdrawals in naira to a bank account. */
export function startTraffic(deployment: Deployment, people: readonly Person[], random: Random): Traffic {
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
  const writing = Promise.all(Array.from({ length: WRITERS }, write));
  return {
    acknowledged,
    async stop() {
      isStopping = true;
      await writing;
    },
  };
}

async function sendOne({ url }: Deployment, people: readonly Person[], random: Random) {
  const [from, to] = random.shuffle(people);
  const naira = { amount: random.int(AMOUNT_MIN, AMOUNT_MAX), currency: "NGN" };
  const kind = random.weighted(WEIGHTS);
  const bodies = {
    transfer: { wallet_number: to?.walletNumber, amount: random.int(1, 900), currency: "XOF" },
    deposit: { ...naira, method: "card" },
    withdraw: { ...naira, ...BANK },
  };
  const headers = {
    "content-type": "application/json",
    ...{ "x-api-key": from?.apiKey ?? "", "idempotency-key": random.hex(12) },
  };
  const body = JSON.stringify(bodies[kind]);
  const answer = await fetch(`${url}/api/wallet/${kind}`, { method: "POST", headers, body });
  // Refused for insufficient funds or by the provider: nothing was acknowledged.
  const content: unknown = await answer.json();
  return answer.status === 200 ? responseSchema.parse(content) : null;
}
