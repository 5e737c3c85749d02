import type { Database } from "@/db/client";
import type { TestUser } from "@/e2e/support/people";
import { put, vaultOf } from "@/e2e/support/vaults";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import type { Random } from "../random";
import { countOperations, francsOf } from "./books";
import { createSaver, type RaceDatabase } from "./race-database";
import { atMost, CALLERS, callers, done, exactly, type Finding, holds, type Race } from "./round";

const PHONE = "+22670000001";

const withdraw = (user: TestUser, db: Database, francs: bigint) =>
  requestApiWithdrawal(
    { ...user.context, db },
    { amountMinor: francs, currency: "XOF", method: "wave", phone: PHONE, key: null },
  );

const send = (user: TestUser, db: Database, { to, francs }: { to: TestUser; francs: bigint }) =>
  sendTransfer({ ...user.context, db }, { walletNumber: to.walletNumber, amount: money(francs, "XOF") });

/** A wallet that suffices for some of those who want the same sum of it. */
async function wallet(deployment: RaceDatabase, random: Random) {
  const francs = BigInt(random.int(100, 500));
  const fits = random.int(3, 25);
  const rest = BigInt(random.int(0, Number(francs) - 1));
  const user = await createSaver(deployment.db, francs * BigInt(fits) + rest);
  return { user, francs, fits, rest };
}

export const transfersOfOneBalance: Race = async (deployment, random) => {
  const { user, francs, fits, rest } = await wallet(deployment, random);
  const databaseOf = deployment.spread(random);
  const recipients = Array.from({ length: CALLERS }, () => random.pick(deployment.people));
  return {
    calls: recipients.map(
      (recipient, caller) => () => send(user, databaseOf(caller), { to: recipient, francs }),
    ),
    refusals: ["insufficient_funds"],
    judge: async (results) => [
      ...exactly("transfers of one balance", fits, done(results).length),
      ...exactly("transfers on the books", fits, await countOperations(deployment, user, "transfer")),
      ...exactly("francs left", rest, (await francsOf(deployment, user))[0]),
    ],
  };
};

export const withdrawalsOfOneBalance: Race = async (deployment, random) => {
  const { user, francs, fits, rest } = await wallet(deployment, random);
  const databaseOf = deployment.spread(random);
  return {
    calls: callers((caller) => () => withdraw(user, databaseOf(caller), francs)),
    refusals: ["insufficient_funds"],
    judge: async (results) => {
      const [available, held] = await francsOf(deployment, user);
      return [
        ...exactly("withdrawals of one balance", fits, done(results).length),
        ...exactly("withdrawals on the books", fits, await countOperations(deployment, user, "withdrawal")),
        ...exactly("francs held", francs * BigInt(fits), held),
        ...exactly("francs left", rest, available),
      ];
    },
  };
};

/** Sums differ, so which of them fit depends on who comes first; that no more fits is what must be true at the end. */
export const allWaysOutOfOneBalance: Race = async (deployment, random) => {
  const sums = Array.from({ length: CALLERS }, () => BigInt(random.int(100, 900)));
  const total = sums.reduce((sum, francs) => sum + francs, 0n);
  const opening = (total * BigInt(random.int(20, 75))) / 100n;
  const user = await createSaver(deployment.db, opening);
  const vaultId = await vaultOf(user);
  const databaseOf = deployment.spread(random);
  const calls = sums.map((francs, caller) => {
    const db = databaseOf(caller);
    const context = { ...user.context, db };
    const to = random.pick(deployment.people);
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
    judge: async (results): Promise<Finding[]> => {
      const spent = sums.filter((_, caller) => results[caller]?.isDone).reduce((sum, one) => sum + one, 0n);
      const refused = sums.filter((_, caller) => !results[caller]?.isDone);
      const [left] = await francsOf(deployment, user);
      return [
        ...atMost("francs spent of one balance", opening, spent),
        ...exactly("francs left", opening - spent, left),
        ...exactly("operations on the books", done(results).length, await countOperations(deployment, user)),
        ...holds(
          refused.every((francs) => francs > left),
          `somebody was refused a sum that ${left} francs suffice for`,
        ),
      ];
    },
  };
};

/** A list answers its refusals instead of throwing them. */
function refuseIfRefused({ transfers }: Awaited<ReturnType<typeof sendTransfers>>): void {
  const [only] = transfers;
  if (only?.refusal) throw new DomainError(only.refusal);
}
