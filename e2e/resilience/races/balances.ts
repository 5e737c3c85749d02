// Wallets: debits of one balance never exceed it, and transfers in opposite directions don't deadlock.
import type { TestUser } from "@/e2e/support/people";
import { put, vaultOf } from "@/e2e/support/vaults";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import type { OperationType } from "@/lib/services/operations/operation";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import { done, type Race, type Resource } from "./race";
import { CALLERS } from "./race-database";
import { PHONE, type RaceSetup } from "./race-setup";

export const POSTING = "ledger_post's row locks and (account, version)";
const ORDER = "the order of ledger_post's row locks";

const transferOf = ({ walletNumber }: TestUser, francs: bigint) => ({
  walletNumber,
  amount: money(francs, "XOF"),
});

interface Debit {
  type: OperationType;
  send(setup: RaceSetup, context: Context, francs: bigint): Promise<unknown>;
  /** True when the money is held until its provider answers. */
  isHeld?: true;
}

const TRANSFER: Debit = {
  type: "transfer",
  send: (setup, context, francs) => sendTransfer(context, transferOf(setup.anybody(), francs)),
};

const WITHDRAWAL: Debit = {
  type: "withdrawal",
  isHeld: true,
  send: (_, context, amountMinor) =>
    requestApiWithdrawal(context, { amountMinor, currency: "XOF", method: "wave", phone: PHONE, key: null }),
};

const debits =
  ({ type, send, isHeld }: Debit): Race =>
  async (setup) => {
    const { francs, fits, rest, total } = setup.limit();
    const user = await setup.saver(total);
    return {
      call: (caller) => send(setup, setup.on(user, caller), francs),
      refusals: ["insufficient_funds"],
      winners: fits,
      figures: async () => {
        const [available, held] = await setup.francsOf(user);
        return {
          "operations recorded": [fits, await setup.countOperations(user, type)],
          "francs held": [isHeld ? total - rest : 0n, held],
          "francs left": [rest, available],
        };
      },
    };
  };

/** Amounts differ, so who wins depends on the order. In the end no refused amount may fit into what is left. */
const allDebits: Race = async (setup) => {
  const { random } = setup;
  const amounts = Array.from({ length: CALLERS }, () => setup.francs(100, 900));
  const sum = (some: readonly bigint[]) => some.reduce((total, francs) => total + francs, 0n);
  const opening = (sum(amounts) * setup.francs(20, 75)) / 100n;
  const user = await setup.saver(opening);
  const vaultId = await vaultOf(user);
  const kinds: Debit["send"][] = [
    TRANSFER.send,
    WITHDRAWAL.send,
    (_, context, francs) => put(context, vaultId, francs),
    async (_, context, francs) => {
      const { transfers } = await sendTransfers(context, {
        transfers: [transferOf(setup.anybody(), francs)],
      });
      // A list returns its refusals.
      if (transfers[0]?.refusal) throw new DomainError(transfers[0].refusal);
    },
  ];
  return {
    call: (caller) => random.pick(kinds)(setup, setup.on(user, caller), amounts[caller] ?? 0n),
    refusals: ["insufficient_funds"],
    figures: async (results) => {
      const spent = sum(amounts.filter((_, caller) => results[caller]?.isDone));
      const [left] = await setup.francsOf(user);
      const fitting = amounts.filter((francs, caller) => !results[caller]?.isDone && francs <= left);
      return {
        "francs spent over the balance": [0, spent > opening ? spent - opening : 0],
        "francs left": [opening - spent, left],
        "operations recorded": [done(results).length, await setup.countOperations(user)],
        "refused amounts that fit into what is left": [0, fitting.length],
      };
    },
  };
};

/** Transfers of each caller: from one member to others, in this order; several are sent as a list. */
async function crossing(
  setup: RaceSetup,
  members: readonly TestUser[],
  recipientsOf: (from: number) => number[],
) {
  const { database, random } = setup;
  const databaseOf = database.spreadUnordered(random);
  const balances = () => Promise.all(members.map(async (member) => (await setup.francsOf(member))[0]));
  const expected = await balances();
  const deadlocks = await database.deadlocks();
  const orders = Array.from({ length: CALLERS }, (_, caller) => {
    const from = caller % members.length;
    const francs = setup.francs(1, 1_000);
    const to = recipientsOf(from);
    expected[from] = (expected[from] ?? 0n) - francs * BigInt(to.length);
    for (const one of to) expected[one] = (expected[one] ?? 0n) + francs;
    return {
      from: members[from] as TestUser,
      list: to.map((one) => transferOf(members[one] as TestUser, francs)),
    };
  });
  const call = async (caller: number) => {
    const { from, list } = orders[caller] ?? orders[0] ?? { from: members[0] as TestUser, list: [] };
    const context = { ...from.context, db: databaseOf(caller) };
    const [only] = list;
    if (list.length > 1) await sendTransfers(context, { transfers: list });
    else if (only) await sendTransfer(context, only);
  };
  return {
    call,
    winners: CALLERS,
    figures: async () => ({
      deadlocks: [0, (await database.deadlocks()) - deadlocks] as const,
      "francs of each wallet": [expected.join(), (await balances()).join()] as const,
    }),
  };
}

/** A to B while B to A. */
const opposing: Race = (setup) => {
  const members = setup.random.shuffle(setup.database.people).slice(0, 2);
  return crossing(setup, members, (from) => [1 - from]);
};

/** Transfers in a circle and lists to random members among 3 to 8 wallets. */
const circular: Race = (setup) => {
  const { database, random } = setup;
  const size = random.int(3, database.people.length);
  const members = random.shuffle(database.people).slice(0, size);
  return crossing(setup, members, (from) => {
    const others = random.shuffle([...members.keys()].filter((one) => one !== from));
    return random.chance(0.5) ? [(from + 1) % size] : others.slice(0, random.int(1, others.length));
  });
};

export const BALANCE_RACES: readonly Resource[] = [
  { name: "transfers from one balance", lock: POSTING, race: debits(TRANSFER) },
  { name: "withdrawals from one balance", lock: POSTING, race: debits(WITHDRAWAL) },
  { name: "all debits of one balance", lock: POSTING, race: allDebits },
  { name: "opposing transfers", lock: ORDER, race: opposing },
  { name: "circular transfers", lock: ORDER, race: circular },
];
