import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { francsOf } from "./books";
import type { RaceDatabase } from "./race-database";
import { CALLERS, exactly, type Finding, type Race, type Round } from "./round";

interface Leg {
  from: number;
  /** More than one goes as a list, in this order. */
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

/** Everybody has plenty: all legs go through, nobody waits for somebody who waits for them. */
async function roundOf(
  deployment: RaceDatabase,
  members: readonly TestUser[],
  { legs, databaseOf }: { legs: readonly Leg[]; databaseOf: (caller: number) => Database },
): Promise<Round> {
  const before = await francsOfAll(deployment, members);
  const deadlocks = await deployment.deadlocks();
  const expected = [...before];
  for (const { from, to, francs } of legs) {
    for (const one of to) {
      expected[from] = (expected[from] ?? 0n) - francs;
      expected[one] = (expected[one] ?? 0n) + francs;
    }
  }
  return {
    calls: legs.map(({ from, to, francs }, caller) => () => {
      const recipients = to.map((one) => members[one] as TestUser);
      return send(members[from] as TestUser, databaseOf(caller), { to: recipients, francs });
    }),
    refusals: [],
    judge: async () => {
      const after = await francsOfAll(deployment, members);
      const found: Finding[] = after.flatMap((francs, index) =>
        francs === expected[index]
          ? []
          : [{ kind: "wrong", what: `wallet ${index}: expected ${expected[index]}, seen ${francs}` }],
      );
      return [...exactly("deadlocks", 0, (await deployment.deadlocks()) - deadlocks), ...found];
    },
  };
}

async function francsOfAll(deployment: RaceDatabase, members: readonly TestUser[]): Promise<bigint[]> {
  return await Promise.all(members.map(async (member) => (await francsOf(deployment, member))[0]));
}

/** A to B while B to A. */
export const opposingTransfers: Race = async (deployment, random) => {
  const members = random.shuffle(deployment.people).slice(0, 2);
  const legs = Array.from({ length: CALLERS }, (_, caller): Leg => {
    const from = caller % 2;
    return { from, to: [1 - from], francs: BigInt(random.int(1, 1_000)) };
  });
  return await roundOf(deployment, members, { legs, databaseOf: deployment.spreadInNoOrder(random) });
};

/** Around and across 3 to 8 wallets, single transfers and lists. */
export const cyclesOfTransfers: Race = async (deployment, random) => {
  const members = random.shuffle(deployment.people).slice(0, random.int(3, deployment.people.length));
  const size = members.length;
  const legs = Array.from({ length: CALLERS }, (_, caller): Leg => {
    const from = caller % size;
    const others = random.shuffle(
      Array.from({ length: size }, (_, one) => one).filter((one) => one !== from),
    );
    const to = random.chance(0.5) ? [(from + 1) % size] : others.slice(0, random.int(1, others.length));
    return { from, to, francs: BigInt(random.int(1, 1_000)) };
  });
  return await roundOf(deployment, members, { legs, databaseOf: deployment.spreadInNoOrder(random) });
};
