import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { createSaver, put, vaultOf } from "@/e2e/support/vaults";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import type { Random } from "../random";
import { countOperations, francsOf } from "./operations";
import type { RaceDatabase } from "./race-database";
import { CALLERS } from "./race-database";
import { atMost, callers, done, exactly, type Finding, holds, type Race } from "./round";

const PHONE = "+22670000001";

const withdraw = (user: TestUser, db: Database, francs: bigint) =>
  requestApiWithdrawal(
    { ...user.context, db },
    { amountMinor: francs, currency: "XOF", method: "wave", phone: PHONE, key: null },
  );

const send = (user: TestUser, db: Database, { to, francs }: { to: TestUser; francs: bigint }) =>
  sendTransfer({ ...user.context, db }, { walletNumber: to.walletNumber, amount: money(francs, "XOF") });

/** A wallet whose balance suffices for `fits` debits of `francs`. */
async function createWallet(database: RaceDatabase, random: Random) {
  const francs = BigInt(random.int(100, 500));
  const fits = random.int(3, 25);
  const rest = BigInt(random.int(0, Number(francs) - 1));
  const user = await createSaver(database.db, francs * BigInt(fits) + rest);
  return { user, francs, fits, rest };
}

export const transfersFromOneBalance: Race = async (database, random) => {
  const { user, francs, fits, rest } = await createWallet(database, random);
  const databaseOf = database.spread(random);
  const recipients = Array.from({ length: CALLERS }, () => random.pick(database.people));
  return {
    calls: recipients.map(
      (recipient, caller) => () => send(user, databaseOf(caller), { to: recipient, francs }),
    ),
    refusals: ["insufficient_funds"],
    check: async (results) => [
      ...exactly("transfers from one balance", fits, done(results).length),
      ...exactly("transfers recorded", fits, await countOperations(database, user, "transfer")),
      ...exactly("francs left", rest, (await francsOf(database, user))[0]),
    ],
  };
};

export const withdrawalsFromOneBalance: Race = async (database, random) => {
  const { user, francs, fits, rest } = await createWallet(database, random);
  const databaseOf = database.spread(random);
  return {
    calls: callers((caller) => () => withdraw(user, databaseOf(caller), francs)),
    refusals: ["insufficient_funds"],
    check: async (results) => {
      const [available, held] = await francsOf(database, user);
      return [
        ...exactly("withdrawals from one balance", fits, done(results).length),
        ...exactly("withdrawals recorded", fits, await countOperations(database, user, "withdrawal")),
        ...exactly("francs held", francs * BigInt(fits), held),
        ...exactly("francs left", rest, available),
      ];
    },
  };
};

/** Amounts differ, so who wins depends on the order. In the end no refused amount may fit into what is left. */
export const allDebitsOfOneBalance: Race = async (database, random) => {
  const amounts = Array.from({ length: CALLERS }, () => BigInt(random.int(100, 900)));
  const total = amounts.reduce((sum, francs) => sum + francs, 0n);
  const opening = (total * BigInt(random.int(20, 75))) / 100n;
  const user = await createSaver(database.db, opening);
  const vaultId = await vaultOf(user);
  const databaseOf = database.spread(random);
  const calls = amounts.map((francs, caller) => {
    const db = databaseOf(caller);
    const context = { ...user.context, db };
    const to = random.pick(database.people);
    const transfers = [{ walletNumber: to.walletNumber, amount: money(francs, "XOF") }];
    return random.pick([
      () => send(user, db, { to, francs }),
      () => sendTransfers(context, { transfers }).then(refuseIfRefused),
      () => withdraw(user, db, francs),
      () => put(context, vaultId, francs),
    ]);
  });
  return {
    calls,
    refusals: ["insufficient_funds"],
    check: async (results): Promise<Finding[]> => {
      const spent = amounts
        .filter((_, caller) => results[caller]?.isDone)
        .reduce((sum, one) => sum + one, 0n);
      const refused = amounts.filter((_, caller) => !results[caller]?.isDone);
      const [left] = await francsOf(database, user);
      return [
        ...atMost("francs spent from one balance", opening, spent),
        ...exactly("francs left", opening - spent, left),
        ...exactly("operations recorded", done(results).length, await countOperations(database, user)),
        ...holds(
          refused.every((francs) => francs > left),
          `no refused amount fits into the ${left} francs left`,
        ),
      ];
    },
  };
};

/** A list returns its refusals: throws the one of its only transfer. */
function refuseIfRefused({ transfers }: Awaited<ReturnType<typeof sendTransfers>>): void {
  const [only] = transfers;
  if (only?.refusal) throw new DomainError(only.refusal);
}
