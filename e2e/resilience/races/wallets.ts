// Money of a wallet and its vaults: debits never exceed a balance, transfers in opposite directions don't deadlock, a locked vault
// pays nothing out, and a closed one is empty.
import type { TestUser } from "@/e2e/support/people";
import { dayAhead, put, take, vaultOf } from "@/e2e/support/vaults";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import type { OperationType } from "@/lib/services/operations/operation";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import { CALLERS } from "./databases";
import { done, type Race, type Resource } from "./race";
import { PHONE, type RaceSetup } from "./setup";

const POSTING = "ledger_post's row locks and (account, version)";
const VAULT_LOCK = "the vault's row lock";

const transferOf = ({ walletNumber }: TestUser, francs: bigint) => ({
  walletNumber,
  amount: money(francs, "XOF"),
});

type Debit = (setup: RaceSetup, context: Context, francs: bigint, vaultId: string) => Promise<unknown>;

const transfer: Debit = (setup, context, francs) =>
  sendTransfer(context, transferOf(setup.anybody(), francs));
const withdraw: Debit = (_, context, amountMinor) =>
  requestApiWithdrawal(context, { amountMinor, currency: "XOF", method: "wave", phone: PHONE, key: null });
const putAside: Debit = (_, context, francs, vaultId) => put(context, vaultId, francs);
const takeOut: Debit = (_, context, francs, vaultId) => take(context, vaultId, francs);
const transferList: Debit = async (setup, context, francs) => {
  const { transfers } = await sendTransfers(context, { transfers: [transferOf(setup.anybody(), francs)] });
  // A list returns its refusals.
  if (transfers[0]?.refusal) throw new DomainError(transfers[0].refusal);
};

/** A user whose vault holds `inside` francs, and whose wallet `outside`. */
async function openVault(setup: RaceSetup, inside: bigint, outside = 0n) {
  const user = await setup.saver(inside + outside);
  const vaultId = await vaultOf(user);
  if (inside > 0n) await put(user.context, vaultId, inside);
  return { user, vaultId };
}

/** Equal debits of one balance, of which as many succeed as fit. A withdrawal's money is held until its provider answers. */
const debits =
  (type: OperationType, send: Debit): Race =>
  async (setup) => {
    const isOfVault = type === "vault_withdrawal";
    const { francs, fits, rest, total } = setup.limit();
    const { user, vaultId } = await (isOfVault ? openVault(setup, total) : openVault(setup, 0n, total));
    return {
      call: (caller) => send(setup, setup.on(user, caller), francs, vaultId),
      refusals: ["insufficient_funds"],
      winners: fits,
      figures: async () => {
        const [available, held] = await setup.francsOf(user);
        const [left, gone] = isOfVault
          ? [await setup.francsInVault(user, vaultId), available]
          : [available, held];
        return {
          "operations recorded": [fits, setup.countOperations(user, type)],
          "francs left": [rest, left],
          "francs held or taken out": [type === "transfer" ? 0n : total - rest, gone],
        };
      },
    };
  };

/** Amounts differ, so who wins depends on the order. In the end no refused amount may fit into what is left. */
const allDebits: Race = async (setup) => {
  const amounts = Array.from({ length: CALLERS }, () => setup.francs(100, 900));
  const sum = (some: readonly bigint[]) => some.reduce((total, francs) => total + francs, 0n);
  const opening = (sum(amounts) * setup.francs(20, 75)) / 100n;
  const { user, vaultId } = await openVault(setup, 0n, opening);
  const kinds = [transfer, withdraw, putAside, transferList];
  return {
    call: (caller) => setup.random.pick(kinds)(setup, setup.on(user, caller), amounts[caller] ?? 0n, vaultId),
    refusals: ["insufficient_funds"],
    figures: async (results) => {
      const spent = sum(amounts.filter((_, caller) => results[caller]?.isDone));
      const [left] = await setup.francsOf(user);
      const fitting = amounts.filter((francs, caller) => !results[caller]?.isDone && francs <= left);
      return {
        "francs spent over the balance": [0, spent > opening ? spent - opening : 0],
        "francs left": [opening - spent, left],
        "operations recorded": [done(results).length, setup.countOperations(user)],
        "refused amounts that fit into what is left": [0, fitting.length],
      };
    },
  };
};

/** Among 2 to 8 wallets, each pays the next one in a circle, or a list of random others, in this order. */
const crossing: Race = async (setup) => {
  const { database, random } = setup;
  const size = random.chance(0.5) ? 2 : random.int(3, database.people.length);
  const members = random.shuffle(database.people).slice(0, size);
  const balances = () => Promise.all(members.map(async (member) => (await setup.francsOf(member))[0]));
  const expected = await balances();
  const deadlocks = await database.deadlocks();
  const orders = Array.from({ length: CALLERS }, (_, caller) => {
    const from = caller % size;
    const francs = setup.francs(1, 1_000);
    const others = random.shuffle([...members.keys()].filter((one) => one !== from));
    const to = random.chance(0.5) ? [(from + 1) % size] : others.slice(0, random.int(1, others.length));
    expected[from] = (expected[from] ?? 0n) - francs * BigInt(to.length);
    for (const one of to) expected[one] = (expected[one] ?? 0n) + francs;
    return {
      from: members[from] as TestUser,
      transfers: to.map((one) => transferOf(members[one] as TestUser, francs)),
    };
  });
  return {
    call: async (caller) => {
      const { from, transfers } = orders[caller] as (typeof orders)[number];
      const [only, ...more] = transfers;
      if (only && more.length === 0) await sendTransfer(setup.on(from, caller), only);
      else await sendTransfers(setup.on(from, caller), { transfers });
    },
    winners: CALLERS,
    figures: async () => ({
      deadlocks: [0, (await database.deadlocks()) - deadlocks],
      "francs of each wallet": [expected.join(), (await balances()).join()],
    }),
  };
};

/** A control: each caller locks two rows in an order of its own. */
const crossingLocks: Race = async ({ database, db }) => {
  const ids = database.people.slice(0, 2).map(({ userId }) => userId.toString());
  const deadlocks = await database.deadlocks();
  return {
    call: (caller) =>
      db.$client.begin(async (sql) => {
        for (const id of caller % 2 === 0 ? ids : ids.toReversed())
          await sql`update users set first_name = first_name where id = ${id}`;
      }),
    figures: async () => ({ deadlocks: [0, (await database.deadlocks()) - deadlocks] }),
  };
};

const withdrawalsAndLocks: Race = async (setup) => {
  const { user, vaultId } = await openVault(setup, BigInt(CALLERS));
  const locks = setup.random.int(1, 10);
  return {
    call: (caller) => {
      const context = setup.on(user, caller);
      if (caller >= locks) return take(context, vaultId, 1n);
      return lockVault(context, { vaultId, lockedUntil: dayAhead(setup.random.int(1, 3)) });
    },
    refusals: ["vault_locked", "validation_failed"],
    figures: async () => {
      const taken = await setup.countOperations(user, "vault_withdrawal");
      const late = setup.count`select count(*)::int from operations o
        join ledger_entries e on e.source = o.reference and e.step = 'vault_withdrawal'
        where o.vault_id = ${vaultId} and o.type = 'vault_withdrawal'
          and e.recorded_at > (select min(locked_at) from race_vault_locks where vault_id = ${vaultId})`;
      return {
        "withdrawals after the vault was locked": [0, late],
        "francs in the vault": [CALLERS - taken, setup.francsInVault(user, vaultId)],
      };
    },
  };
};

const depositsAndClosing: Race = async (setup) => {
  const { random } = setup;
  const inside = random.chance(0.3) ? setup.francs(1, 2) : 0n;
  const { user, vaultId } = await openVault(setup, inside, 1_000n - inside);
  const deposits = random.int(6, 14);
  const withdrawals = inside > 0n ? random.int(2, 6) : 0;
  return {
    call: (caller) => {
      const context = setup.on(user, caller);
      if (caller < deposits) return put(context, vaultId, 1n);
      if (caller < deposits + withdrawals) return take(context, vaultId, 1n);
      return closeVault(context, { vaultId });
    },
    refusals: ["not_found", "vault_not_empty", "insufficient_funds"],
    figures: async () => {
      const closed = await setup.count`select count(closed_at)::int from vaults where id = ${vaultId}`;
      const left = await setup.francsInVault(user, vaultId);
      return {
        "francs in a closed vault": [0, closed > 0 ? left : 0],
        "francs in total": [1_000, (await setup.francsOf(user))[0] + left],
      };
    },
  };
};

export const WALLET_RACES: readonly Resource[] = [
  { name: "transfers from one balance", lock: POSTING, race: debits("transfer", transfer) },
  { name: "withdrawals from one balance", lock: POSTING, race: debits("withdrawal", withdraw) },
  { name: "withdrawals from one vault", lock: POSTING, race: debits("vault_withdrawal", takeOut) },
  { name: "all debits of one balance", lock: POSTING, race: allDebits },
  { name: "crossing transfers", lock: "the order of row locks", race: crossing, control: crossingLocks },
  { name: "withdrawals from and locks of one vault", lock: VAULT_LOCK, race: withdrawalsAndLocks },
  { name: "deposits into and closing of one vault", lock: VAULT_LOCK, race: depositsAndClosing },
];
