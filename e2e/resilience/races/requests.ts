// Idempotency: one key or one quote stands for one operation, whatever the number of requests, also with one PIN try left.
import { TEST_PIN, type TestUser } from "@/e2e/support/people";
import { put, vaultOf } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import type { OperationType } from "@/lib/services/operations/operation";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { CALLERS } from "./databases";
import { done, type Race, type Resource } from "./race";
import { PHONE, type RaceSetup } from "./setup";

const OPENING = 1_000_000n;
const KEY = "the primary key of idempotency_keys";

interface Order {
  francs: bigint;
  key: string;
  to: TestUser;
  vaultId: string;
}

const toApiOrder = ({ francs, key }: Order) =>
  ({ amountMinor: francs, currency: "XOF", method: "wave", phone: PHONE, key }) as const;
const toTransfer = ({ francs, to: { walletNumber } }: Order) => ({
  walletNumber,
  amount: money(francs, "XOF"),
});

type Send = (context: Context, order: Order) => Promise<string | null | undefined>;

/** Requests with an idempotency key: which operation each creates, and how. */
const KEYED: readonly { type: OperationType; send: Send }[] = [
  {
    type: "transfer",
    send: async (context, order) =>
      (await sendTransfer(context, { ...toTransfer(order), key: order.key })).reference,
  },
  {
    type: "transfer",
    send: async (context, order) =>
      (await sendTransfers(context, { transfers: [toTransfer(order)], key: order.key })).transfers[0]
        ?.reference,
  },
  {
    type: "withdrawal",
    send: async (context, order) => (await requestApiWithdrawal(context, toApiOrder(order))).reference,
  },
  {
    type: "vault_deposit",
    send: async (context, { vaultId, francs, key }) =>
      (await put(context, vaultId, francs, key)).operation.reference,
  },
  {
    type: "deposit",
    send: async (context, order) => (await startApiDeposit(context, toApiOrder(order))).reference,
  },
];

/** Requests with one key and `variants` different amounts: the first wins, the same one is replayed, others are refused. */
const oneKey =
  (variantsOf: (setup: RaceSetup) => number): Race =>
  async (setup) => {
    const user = await setup.saver(OPENING);
    const { type, send } = setup.random.pick(KEYED);
    const shared = { key: newKey(), to: setup.anybody(), vaultId: await vaultOf(user) };
    const variants = variantsOf(setup);
    const isDeposit = type === "deposit";
    return {
      call: (caller) =>
        send(setup.on(user, caller), { ...shared, francs: BigInt(100 + (caller % variants)) }),
      refusals: [
        ...(variants > 1 ? (["idempotency_mismatch"] as const) : []),
        ...(variants > 1 || isDeposit ? (["idempotency_in_progress"] as const) : []),
      ],
      figures: async (results) => {
        const accepted = new Set(
          results.flatMap(({ isDone }, caller) => (isDone ? [caller % variants] : [])),
        );
        return {
          // The opening balance came by a deposit too.
          "operations of one key": [isDeposit ? 2 : 1, setup.countOperations(user, type)],
          "different references for one key": [1, new Set(done(results).map(({ value }) => value)).size],
          "different requests that one key was accepted for": [1, accepted.size],
        };
      },
    };
  };

interface Quoted {
  type: "transfer" | "withdrawal";
  quote(setup: RaceSetup, context: Context, amount: string): Promise<{ quoteId: string }>;
  confirm: typeof requestWithdrawal | typeof confirmTransfer;
}

const WITHDRAWAL: Quoted = {
  type: "withdrawal",
  quote: (_, context, amount) =>
    quoteWithdrawal(context, { amount, phone: PHONE, method: "wave", currency: "XOF" }, "BF"),
  confirm: requestWithdrawal,
};

const TRANSFER: Quoted = {
  type: "transfer",
  quote: (setup, context, amount) =>
    quoteTransfer(context, { walletNumber: setup.anybody().walletNumber, amount, currency: "XOF", note: "" }),
  confirm: confirmTransfer,
};

const confirmations =
  ({ type, quote, confirm }: Quoted): Race =>
  async (setup) => {
    const user = await setup.saver(OPENING);
    await setup.givePin(user, setup.random.int(0, 4));
    const francs = setup.francs(100, 5_000);
    const { quoteId } = await quote(setup, user.context, String(francs));
    return {
      call: (caller) => confirm(setup.on(user, caller), { quoteId, pin: TEST_PIN }),
      winners: CALLERS,
      figures: async () => ({
        "operations of one quote": [1, setup.countOperations(user, type)],
        "francs gone": [francs, OPENING - (await setup.francsOf(user))[0]],
      }),
    };
  };

const different: Race = oneKey(({ random }) => random.int(2, 6));

export const REQUEST_RACES: readonly Resource[] = [
  { name: "requests with one idempotency key", lock: KEY, race: oneKey(() => 1) },
  { name: "different requests with one idempotency key", lock: KEY, race: different },
  { name: "confirmations of one withdrawal", lock: `the quote, ${KEY}`, race: confirmations(WITHDRAWAL) },
  { name: "confirmations of one transfer", lock: KEY, race: confirmations(TRANSFER) },
];
