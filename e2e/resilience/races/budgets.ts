import { createUser } from "@/e2e/support/people";
import { newKey, newWalletNumber } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { consume } from "@/lib/services/rate-limits/consume";
import { LIMITS } from "@/lib/services/rate-limits/limits";
import { lookUpRecipient } from "@/lib/services/transfers/look-up-recipient";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createSaver } from "./race-database";
import { CALLERS, callers, done, exactly, type Race } from "./round";

const LOOK_UPS = LIMITS.recipient_minute.points;

/** So many names may be looked up in a minute. */
export const lookUpsOfNames: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const used = random.int(0, LOOK_UPS - 1);
  if (used > 0) await consume(deployment.db, "recipient_minute", [user.userId.toString()], undefined, used);
  const { walletNumber } = random.pick(deployment.people);
  const databaseOf = deployment.spread(random);
  return {
    calls: callers(
      (caller) => () => lookUpRecipient({ ...user.context, db: databaseOf(caller) }, walletNumber),
    ),
    refusals: ["rate_limited"],
    judge: async (results) => exactly("names looked up", LOOK_UPS - used, done(results).length),
  };
};

/** The control: what is left is looked at, and counted afterwards. */
export const lookUpsCountedAfterwards: Race = async (deployment, random) => {
  const used = random.int(0, LOOK_UPS - 1);
  const sql = deployment.db.$client;
  const key = `proof:${newKey()}`;
  await sql`insert into rate_limits (key, points) values (${key}, ${used})`;
  const lookUp = async () => {
    const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
    const points = Number(row?.points ?? LOOK_UPS);
    if (points >= LOOK_UPS) return false;
    await sql`update rate_limits set points = ${points + 1} where key = ${key}`;
    return true;
  };
  return {
    calls: callers(() => lookUp),
    refusals: [],
    judge: async (results) =>
      exactly("names looked up", LOOK_UPS - used, results.filter(({ value }) => value === true).length),
  };
};

const MISSES = LIMITS.recipient_miss.points;

/** Every number that nobody has is counted, however many are tried at once: with none left over one is stopped. */
export const missesOfNumbers: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, 1_000n);
  const isOneTooMany = random.chance(0.7);
  const used = MISSES - CALLERS + (isOneTooMany ? 1 : -1);
  await consume(deployment.db, "recipient_miss", [user.userId.toString()], undefined, used);
  const databaseOf = deployment.spread(random);
  const tryNumber = (caller: number) => {
    const transfer = { walletNumber: newWalletNumber(), amount: money(1n, "XOF") };
    return sendTransfer({ ...user.context, db: databaseOf(caller) }, transfer);
  };
  return {
    calls: callers((caller) => () => tryNumber(caller)),
    refusals: ["recipient_not_found"],
    judge: async () => {
      const next: unknown = await tryNumber(0).catch((error) => error.code);
      const expected = isOneTooMany ? "rate_limited" : "recipient_not_found";
      return next === expected
        ? []
        : [{ kind: "over", what: `after all misses: expected ${expected}, seen ${next}` }];
    },
  };
};

/** The control: what was counted is read, and written back with one more. */
export const missesReadAndWrittenBack: Race = async (deployment) => {
  const sql = deployment.db.$client;
  const key = `proof:${newKey()}`;
  await sql`insert into rate_limits (key, points) values (${key}, 0)`;
  const miss = async () => {
    const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
    await sql`update rate_limits set points = ${Number(row?.points ?? 0) + 1} where key = ${key}`;
  };
  return {
    calls: callers(() => miss),
    refusals: [],
    judge: async () => {
      const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
      return exactly("misses that weren't counted", 0, CALLERS - Number(row?.points ?? 0));
    },
  };
};
