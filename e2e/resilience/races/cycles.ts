import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { francsOf } from "./operations";
import type { RaceDatabase } from "./race-database";
import { CALLERS } from "./race-database";
import { exactly, type Finding, type Race, type Round } from "./round";

interface Transfers {
  from: number;
  /** More than one recipient: sent as a list, in this order. */
  to: readonly number[];
  francs: bigint;
}

async function send(
  user: TestUser,
  db: Database,
  { to, francs }: { to: readonly TestUser[]; francs: bigint },
): Promise<void> {
  const context = { ...user.context, db };
  const transfers = to.map(({ walletNumber }) => ({ walletNumber, amount: money(francs, "XOF") }));
  const [only] = transfers;
  if (transfers.length > 1) await sendTransfers(context, { transfers });
  else if (only) await sendTransfer(context, only);
}

/** Balances suffice for everything: all transfers must succeed without a deadlock. */
async function roundOf(
  database: RaceDatabase,
  members: readonly TestUser[],
  { orders, databaseOf }: { orders: readonly Transfers[]; databaseOf: (caller: number) => Database },
): Promise<Round> {
  const before = await francsOfAll(database, members);
  const deadlocks = await database.deadlocks();
  const expected = [...before];
  for (const { from, to, francs } of orders) {
    for (const one of to) {
      expected[from] = (expected[from] ?? 0n) - francs;
      expected[one] = (expected[one] ?? 0n) + francs;
    }
  }
  return {
    calls: orders.map(({ from, to, francs }, caller) => () => {
      const recipients = to.map((one) => members[one] as TestUser);
      return send(members[from] as TestUser, databaseOf(caller), { to: recipients, francs });
    }),
    refusals: [],
    check: async () => {
      const after = await francsOfAll(database, members);
      const found: Finding[] = after.flatMap((francs, index) =>
        francs === expected[index]
          ? []
          : [{ kind: "wrong", what: `wallet ${index}: expected ${expected[index]}, seen ${francs}` }],
      );
      return [...exactly("deadlocks", 0, (await database.deadlocks()) - deadlocks), ...found];
    },
  };
}

async function francsOfAll(database: RaceDatabase, members: readonly TestUser[]): Promise<bigint[]> {
  return await Promise.all(members.map(async (member) => (await francsOf(database, member))[0]));
}

/** A to B while B to A. */
export const opposingTransfers: Race = async (database, random) => {
  const members = random.shuffle(database.people).slice(0, 2);
  const orders = Array.from({ length: CALLERS }, (_, caller): Transfers => {
    const from = caller % 2;
    return { from, to: [1 - from], francs: BigInt(random.int(1, 1_000)) };
  });
  return await roundOf(database, members, { orders, databaseOf: database.spreadUnordered(random) });
};

/** Transfers in a circle and lists to random members among 3 to 8 wallets. */
export const circularTransfers: Race = async (database, random) => {
  const members = random.shuffle(database.people).slice(0, random.int(3, database.people.length));
  const size = members.length;
  const orders = Array.from({ length: CALLERS }, (_, caller): Transfers => {
    const from = caller % size;
    const others = random.shuffle(
      Array.from({ length: size }, (_, one) => one).filter((one) => one !== from),
    );
    const to = random.chance(0.5) ? [(from + 1) % size] : others.slice(0, random.int(1, others.length));
    return { from, to, francs: BigInt(random.int(1, 1_000)) };
  });
  return await roundOf(database, members, { orders, databaseOf: database.spreadUnordered(random) });
};
