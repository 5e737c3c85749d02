import type { Random } from "@/e2e/resilience/random";
import type { Post } from "./api-client";
import type { Person } from "./people";

/** An operation that a client wants to happen once, with its idempotency key. */
export type Intent = { key: string; from: Person } & (
  | { kind: "transfer"; to: Person; amountMinor: number }
  | { kind: "list"; items: readonly { to: Person; amountMinor: number }[] }
  | { kind: "deposit"; amountMinor: number }
  | { kind: "withdrawal"; amountMinor: number }
);

const KINDS = { transfer: 58, list: 14, deposit: 14, withdrawal: 14 } as const;
const LIST_MAX = 8;
// Above every amount that makes the sandbox misbehave (lib/sandbox/scenarios.ts).
const ORDER_MIN = 3_000;
const ORDER_MAX = 6_000;
const PAYER = "+22670000001";
const RECIPIENT = "+22670000002";

/** A random intent; now and then for more money than anybody has. */
export function drawIntent(random: Random, people: readonly Person[]): Intent {
  const from = random.pick(people);
  const others = people.filter((person) => person !== from);
  const key = random.hex(12);
  const amountMinor = random.chance(0.02) ? 90_000_000 : random.int(1, 900);
  const kind = random.weighted(KINDS);
  switch (kind) {
    case "transfer":
      return { kind, key, from, to: random.pick(others), amountMinor };
    case "list": {
      const length = random.int(1, LIST_MAX);
      const items = Array.from({ length }, () => ({
        to: random.pick(others),
        amountMinor: random.int(1, 300),
      }));
      return { kind, key, from, items };
    }
    case "deposit":
    case "withdrawal":
      return { kind, key, from, amountMinor: random.int(ORDER_MIN, ORDER_MAX) };
  }
}

/** The request of an intent: the same bytes at every attempt. */
export function postOf(intent: Intent): Post {
  const { key, from } = intent;
  const currency = "XOF";
  const post = (path: string, body: unknown): Post => {
    return { path: `/api/wallet/${path}`, apiKey: from.apiKey, idempotencyKey: key, body };
  };
  switch (intent.kind) {
    case "transfer": {
      const { to, amountMinor } = intent;
      return post("transfer", { wallet_number: to.walletNumber, amount: amountMinor, currency });
    }
    case "list": {
      const transfers = intent.items.map(({ to, amountMinor }) => {
        return { wallet_number: to.walletNumber, amount: amountMinor, currency };
      });
      return post("transfers", { transfers });
    }
    case "deposit":
      return post("deposit", { amount: intent.amountMinor, currency, method: "wave", phone: PAYER });
    case "withdrawal":
      return post("withdraw", {
        amount: intent.amountMinor,
        currency,
        method: "orange_money",
        phone: RECIPIENT,
      });
  }
}

/** What the payer of a deposit does on its payment page, decided by the amount: most pay. */
export function payerAction(amountMinor: number): "confirm" | "cancel" | "leave" {
  const share = amountMinor % 20;
  if (share === 0) return "cancel";
  return share === 1 ? "leave" : "confirm";
}
