import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { put, vaultOf } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import type { Random } from "../random";
import { countOperations, francsOf } from "./books";
import { givePin, PIN } from "./pins";
import { createSaver, type RaceDatabase } from "./race-database";
import { CALLERS, callers, done, exactly, type Finding, holds, type Race, type Result } from "./round";

const PHONE = "+22670000001";
const OPENING = 1_000_000n;

/** Something that is asked for under a key; answers the reference of what was made. */
type Keyed = (db: Database, francs: bigint) => Promise<string>;

interface Order {
  ask: Keyed;
  /** What it leaves on the books beside money: one operation. */
  type: "transfer" | "withdrawal" | "vault_deposit" | "deposit";
}

async function drawOrder(deployment: RaceDatabase, user: TestUser, random: Random): Promise<Order> {
  const key = newKey();
  const { walletNumber } = random.pick(deployment.people);
  const kind = random.pick(["transfer", "transfers", "withdrawal", "vault", "deposit"] as const);
  const vaultId = kind === "vault" ? await vaultOf(user) : "";
  const on = (db: Database) => ({ ...user.context, db });
  const order = (francs: bigint) =>
    ({ amountMinor: francs, currency: "XOF", method: "wave", phone: PHONE, key }) as const;
  const one = (francs: bigint) => ({ walletNumber, amount: money(francs, "XOF") });
  switch (kind) {
    case "transfer":
      return {
        type: "transfer",
        ask: async (db, francs) => (await sendTransfer(on(db), { ...one(francs), key })).reference,
      };
    case "transfers":
      return {
        type: "transfer",
        ask: async (db, francs) => {
          const { transfers } = await sendTransfers(on(db), { transfers: [one(francs)], key });
          return transfers[0]?.reference ?? "none";
        },
      };
    case "withdrawal":
      return {
        type: "withdrawal",
        ask: async (db, francs) => (await requestApiWithdrawal(on(db), order(francs))).reference,
      };
    case "vault":
      return {
        type: "vault_deposit",
        ask: async (db, francs) => (await put(on(db), vaultId, francs, key)).operation.reference,
      };
    default:
      return {
        type: "deposit",
        ask: async (db, francs) => (await startApiDeposit(on(db), order(francs))).reference,
      };
  }
}

/** What became of one key: one operation, which every answer names. */
async function judgeKey(
  deployment: RaceDatabase,
  { user, order }: { user: TestUser; order: Order },
  results: readonly Result[],
): Promise<Finding[]> {
  const references = new Set(done(results).map(({ value }) => value));
  const count = await countOperations(deployment, user, order.type);
  return [
    // The money that it was given at first came by a deposit.
    ...exactly(`${order.type}s of one key`, order.type === "deposit" ? 2 : 1, count),
    ...exactly("different answers to one key", 1, references.size),
  ];
}

export const oneKey: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, OPENING);
  const order = await drawOrder(deployment, user, random);
  const francs = BigInt(random.int(1, 1_000));
  const databaseOf = deployment.spread(random);
  return {
    calls: callers((caller) => () => order.ask(databaseOf(caller), francs)),
    refusals: order.type === "deposit" ? ["idempotency_in_progress"] : [],
    judge: (results) => judgeKey(deployment, { user, order }, results),
  };
};

/** The first one to claim the key wins; whoever asked for the same is answered the same, and nobody else is. */
export const oneKeyForSeveralOrders: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, OPENING);
  const order = await drawOrder(deployment, user, random);
  const variants = random.int(2, 6);
  const sums = Array.from({ length: CALLERS }, (_, caller) => BigInt(100 + (caller % variants)));
  const databaseOf = deployment.spread(random);
  return {
    calls: sums.map((francs, caller) => () => order.ask(databaseOf(caller), francs)),
    refusals: ["idempotency_mismatch", "idempotency_in_progress"],
    judge: async (results) => {
      const won = new Set(sums.filter((_, caller) => results[caller]?.isDone));
      return [
        ...(await judgeKey(deployment, { user, order }, results)),
        ...exactly("orders that one key stands for", 1, won.size),
      ];
    },
  };
};

/** With one try of the PIN left too: the same tap thirty times is one try. */
export const oneQuoteOfWithdrawal: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, OPENING);
  await givePin(deployment, user, random.int(0, 4));
  const francs = random.int(100, 5_000);
  const typed = { amount: String(francs), phone: PHONE, method: "wave", currency: "XOF" } as const;
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  const databaseOf = deployment.spread(random);
  return {
    calls: callers(
      (caller) => () => requestWithdrawal({ ...user.context, db: databaseOf(caller) }, { quoteId, pin: PIN }),
    ),
    refusals: [],
    judge: async (results) => [
      ...exactly("withdrawals of one quote", 1, await countOperations(deployment, user, "withdrawal")),
      ...exactly("francs held", francs, (await francsOf(deployment, user))[1]),
      ...holds(done(results).length === CALLERS, "everybody who confirmed it is answered"),
    ],
  };
};

/** With one try of the PIN left too: the same tap thirty times is one try. */
export const oneQuoteOfTransfer: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, OPENING);
  await givePin(deployment, user, random.int(0, 4));
  const { walletNumber } = random.pick(deployment.people);
  const francs = random.int(1, 5_000);
  const typed = { walletNumber, amount: String(francs), currency: "XOF", note: "" } as const;
  const { quoteId } = await quoteTransfer(user.context, typed);
  const databaseOf = deployment.spread(random);
  return {
    calls: callers(
      (caller) => () => confirmTransfer({ ...user.context, db: databaseOf(caller) }, { quoteId, pin: PIN }),
    ),
    refusals: [],
    judge: async (results) => [
      ...exactly("transfers of one quote", 1, await countOperations(deployment, user, "transfer")),
      ...exactly("francs left", OPENING - BigInt(francs), (await francsOf(deployment, user))[0]),
      ...holds(done(results).length === CALLERS, "everybody who confirmed it is answered"),
    ],
  };
};
