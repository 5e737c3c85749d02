import { z } from "zod";
import { payInSandbox } from "@/lib/cli/commands/pay-in-sandbox";
import type { Person } from "../crashes/kills/people";
import type { Deployment } from "../deployment";
import type { Random } from "../random";

/** Something that a client was answered yes to. */
export interface Acknowledged {
  reference: string;
  sentAt: number;
  answeredAt: number;
}

const answered = z.object({ reference: z.string(), authorization_url: z.url().nullish() });

const BANK = { bank_code: "058", account_number: "0123456789" };
// Beside every amount by which the sandbox is asked to misbehave: other proofs do that. In kobo.
const ORDER_MIN = 300_000;
const ORDER_MAX = 390_000;
const WEIGHTS = { transfer: 6, deposit: 2, withdrawal: 2 } as const;

export interface Traffic {
  acknowledged: readonly Acknowledged[];
  /** Ends when what was sent is answered. */
  stop(): Promise<void>;
}

/** `writers` at a time: transfers in francs, naira in by Paystack's page and out to a bank account. */
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
      const said = await sendOne(deployment, people, random);
      if (said === null) continue;
      acknowledged.push({ reference: said.reference, sentAt, answeredAt: Date.now() });
      const page = said.authorization_url ?? null;
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
  const answer = await fetch(`${deployment.url}/api/wallet/${paths[kind]}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": from.apiKey,
      "idempotency-key": random.hex(12),
    },
    body: JSON.stringify(orders[kind]),
  });
  // No money for it yet, or the provider said no: that is no promise.
  const body: unknown = await answer.json();
  return answer.status === 200 ? answered.parse(body) : null;
}
