import { createUser } from "@/e2e/support/people";
import { createSaver } from "@/e2e/support/vaults";
import { newKey, newWalletNumber } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { consume } from "@/lib/services/rate-limits/consume";
import { LIMITS } from "@/lib/services/rate-limits/limits";
import { lookUpRecipient } from "@/lib/services/transfers/look-up-recipient";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { CALLERS } from "./race-database";
import { callers, done, exactly, type Race } from "./round";

const LOOK_UPS = LIMITS.recipient_minute.points;

/** Look-ups of recipients' names are limited by the minute. */
export const recipientLookUps: Race = async (database, random) => {
  const user = await createUser(database.db);
  const used = random.int(0, LOOK_UPS - 1);
  if (used > 0) await consume(database.db, "recipient_minute", [user.userId.toString()], undefined, used);
  const { walletNumber } = random.pick(database.people);
  const databaseOf = database.spread(random);
  return {
    calls: callers(
      (caller) => () => lookUpRecipient({ ...user.context, db: databaseOf(caller) }, walletNumber),
    ),
    refusals: ["rate_limited"],
    check: async (results) => exactly("names looked up", LOOK_UPS - used, done(results).length),
  };
};

/** The control: reads the count, checks it, and writes it afterwards. */
export const recipientLookUpsCountedLate: Race = async (database, random) => {
  const used = random.int(0, LOOK_UPS - 1);
  const sql = database.db.$client;
  const key = `race:${newKey()}`;
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
    check: async (results) =>
      exactly("names looked up", LOOK_UPS - used, results.filter(({ value }) => value === true).length),
  };
};

const FAILED_LOOK_UPS = LIMITS.failed_look_up.points;

/** Each transfer to an unknown wallet is counted, however many run at once: the next one after the limit is refused. */
export const failedLookUps: Race = async (database, random) => {
  const user = await createSaver(database.db, 1_000n);
  const isOneTooMany = random.chance(0.7);
  const used = FAILED_LOOK_UPS - CALLERS + (isOneTooMany ? 1 : -1);
  await consume(database.db, "failed_look_up", [user.userId.toString()], undefined, used);
  const databaseOf = database.spread(random);
  const tryNumber = (caller: number) => {
    const transfer = { walletNumber: newWalletNumber(), amount: money(1n, "XOF") };
    return sendTransfer({ ...user.context, db: databaseOf(caller) }, transfer);
  };
  return {
    calls: callers((caller) => () => tryNumber(caller)),
    refusals: ["recipient_not_found"],
    check: async () => {
      const next: unknown = await tryNumber(0).catch((error) => error.code);
      const expected = isOneTooMany ? "rate_limited" : "recipient_not_found";
      return next === expected
        ? []
        : [{ kind: "exceeded", what: `the next look-up: expected ${expected}, seen ${next}` }];
    },
  };
};

/** The control: reads the count and writes it back increased by one. */
export const failedLookUpsCountedLate: Race = async (database) => {
  const sql = database.db.$client;
  const key = `race:${newKey()}`;
  await sql`insert into rate_limits (key, points) values (${key}, 0)`;
  const failOnce = async () => {
    const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
    await sql`update rate_limits set points = ${Number(row?.points ?? 0) + 1} where key = ${key}`;
  };
  return {
    calls: callers(() => failOnce),
    refusals: [],
    check: async () => {
      const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
      return exactly("failed look-ups that weren't counted", 0, CALLERS - Number(row?.points ?? 0));
    },
  };
};
