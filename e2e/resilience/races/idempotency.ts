import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { createSaver, put, vaultOf } from "@/e2e/support/vaults";
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
import { countOperations, francsOf } from "./operations";
import { givePin, PIN } from "./pins";
import type { RaceDatabase } from "./race-database";
import { CALLERS } from "./race-database";
import { callers, done, exactly, type Finding, holds, type Race, type Result } from "./round";

const PHONE = "+22670000001";
const OPENING = 1_000_000n;

/** Sends a request with the idempotency key. Returns the reference of the operation. */
type KeyedRequest = (db: Database, francs: bigint) => Promise<string>;

interface Order {
  send: KeyedRequest;
  /** The type of the operation that it creates. */
  type: "transfer" | "withdrawal" | "vault_deposit" | "deposit";
}

async function drawOrder(database: RaceDatabase, user: TestUser, random: Random): Promise<Order> {
  const key = newKey();
  const { walletNumber } = random.pick(database.people);
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
        send: async (db, francs) => (await sendTransfer(on(db), { ...one(francs), key })).reference,
      };
    case "transfers":
      return {
        type: "transfer",
        send: async (db, francs) => {
          const { transfers } = await sendTransfers(on(db), { transfers: [one(francs)], key });
          return transfers[0]?.reference ?? "none";
        },
      };
    case "withdrawal":
      return {
        type: "withdrawal",
        send: async (db, francs) => (await requestApiWithdrawal(on(db), order(francs))).reference,
      };
    case "vault":
      return {
        type: "vault_deposit",
        send: async (db, francs) => (await put(on(db), vaultId, francs, key)).operation.reference,
      };
    default:
      return {
        type: "deposit",
        send: async (db, francs) => (await startApiDeposit(on(db), order(francs))).reference,
      };
  }
}

/** One key must have created one operation, which every response names. */
async function checkKey(
  database: RaceDatabase,
  { user, order }: { user: TestUser; order: Order },
  results: readonly Result[],
): Promise<Finding[]> {
  const references = new Set(done(results).map(({ value }) => value));
  const count = await countOperations(database, user, order.type);
  return [
    // The opening balance came by a deposit too.
    ...exactly(`${order.type}s of one key`, order.type === "deposit" ? 2 : 1, count),
    ...exactly("different references for one key", 1, references.size),
  ];
}

export const requestsWithOneKey: Race = async (database, random) => {
  const user = await createSaver(database.db, OPENING);
  const order = await drawOrder(database, user, random);
  const francs = BigInt(random.int(1, 1_000));
  const databaseOf = database.spread(random);
  return {
    calls: callers((caller) => () => order.send(databaseOf(caller), francs)),
    refusals: order.type === "deposit" ? ["idempotency_in_progress"] : [],
    check: (results) => checkKey(database, { user, order }, results),
  };
};

/** Requests with one key and different amounts: the first wins, the same request is replayed, and others are refused. */
export const differentRequestsWithOneKey: Race = async (database, random) => {
  const user = await createSaver(database.db, OPENING);
  const order = await drawOrder(database, user, random);
  const variants = random.int(2, 6);
  const amounts = Array.from({ length: CALLERS }, (_, caller) => BigInt(100 + (caller % variants)));
  const databaseOf = database.spread(random);
  return {
    calls: amounts.map((francs, caller) => () => order.send(databaseOf(caller), francs)),
    refusals: ["idempotency_mismatch", "idempotency_in_progress"],
    check: async (results) => {
      const won = new Set(amounts.filter((_, caller) => results[caller]?.isDone));
      return [
        ...(await checkKey(database, { user, order }, results)),
        ...exactly("different requests that one key was accepted for", 1, won.size),
      ];
    },
  };
};

/** Also with one PIN try left: thirty identical confirmations count as one try. */
export const confirmationsOfOneWithdrawal: Race = async (database, random) => {
  const user = await createSaver(database.db, OPENING);
  await givePin(database, user, random.int(0, 4));
  const francs = random.int(100, 5_000);
  const typed = { amount: String(francs), phone: PHONE, method: "wave", currency: "XOF" } as const;
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  const databaseOf = database.spread(random);
  return {
    calls: callers(
      (caller) => () => requestWithdrawal({ ...user.context, db: databaseOf(caller) }, { quoteId, pin: PIN }),
    ),
    refusals: [],
    check: async (results) => [
      ...exactly("withdrawals of one quote", 1, await countOperations(database, user, "withdrawal")),
      ...exactly("francs held", francs, (await francsOf(database, user))[1]),
      ...holds(done(results).length === CALLERS, "every confirmation succeeds"),
    ],
  };
};

/** As {@link confirmationsOfOneWithdrawal}. */
export const confirmationsOfOneTransfer: Race = async (database, random) => {
  const user = await createSaver(database.db, OPENING);
  await givePin(database, user, random.int(0, 4));
  const { walletNumber } = random.pick(database.people);
  const francs = random.int(1, 5_000);
  const typed = { walletNumber, amount: String(francs), currency: "XOF", note: "" } as const;
  const { quoteId } = await quoteTransfer(user.context, typed);
  const databaseOf = database.spread(random);
  return {
    calls: callers(
      (caller) => () => confirmTransfer({ ...user.context, db: databaseOf(caller) }, { quoteId, pin: PIN }),
    ),
    refusals: [],
    check: async (results) => [
      ...exactly("transfers of one quote", 1, await countOperations(database, user, "transfer")),
      ...exactly("francs left", OPENING - BigInt(francs), (await francsOf(database, user))[0]),
      ...holds(done(results).length === CALLERS, "every confirmation succeeds"),
    ],
  };
};
