// Limits that one atomic statement counts: PIN tries and look-ups. Their controls count in two statements.
import { newKey, newWalletNumber } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { PIN_TRIES_MAX } from "@/lib/services/identity/pin/policy";
import { consume } from "@/lib/services/rate-limits/consume";
import { LIMITS, type LimitName } from "@/lib/services/rate-limits/limits";
import { lookUpRecipient } from "@/lib/services/transfers/look-up-recipient";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { countRefused, type Race, type Resource } from "./race";
import { CALLERS } from "./race-database";
import type { RaceSetup } from "./race-setup";

const LOOK_UPS = LIMITS.recipient_minute.points;
const FAILED_LOOK_UPS = LIMITS.failed_look_up.points;

/** Of thirty guesses at once at most five are compared: each is counted before it is compared. */
const pinTries: Race = async (setup) => {
  const user = await setup.user();
  const known = setup.random.int(0, PIN_TRIES_MAX - 1);
  await setup.givePin(user, known);
  // None of them is the right one.
  const first = setup.random.int(5_000, 7_000);
  return {
    call: (caller) => checkPin(setup.on(user, caller), String(first + caller)),
    refusals: ["pin_wrong", "pin_locked"],
    figures: async (results) => ({
      "tries counted": [
        PIN_TRIES_MAX,
        await setup.count`select wrong_tries as count from pins where user_id = ${user.userId.toString()}`,
      ],
      // The guess that locks the PIN is compared too, but refused as locked.
      "guesses refused as wrong": [PIN_TRIES_MAX - known - 1, countRefused(results, "pin_wrong")],
      "guesses refused as locked": [
        CALLERS - (PIN_TRIES_MAX - known - 1),
        countRefused(results, "pin_locked"),
      ],
    }),
  };
};

/** Uses a limit up to `points`. */
async function useUp(setup: RaceSetup, limit: LimitName, points: number) {
  const user = await setup.saver(1_000n);
  const { db } = setup.database;
  if (points > 0) await consume(db, limit, [user.userId.toString()], undefined, points);
  return user;
}

const lookUps: Race = async (setup) => {
  const used = setup.random.int(0, LOOK_UPS - 1);
  const user = await useUp(setup, "recipient_minute", used);
  const { walletNumber } = setup.anybody();
  return {
    call: (caller) => lookUpRecipient(setup.on(user, caller), walletNumber),
    refusals: ["rate_limited"],
    winners: LOOK_UPS - used,
  };
};

/** Each transfer to an unknown wallet is counted, however many run at once: the next one after the limit is refused. */
const failedLookUps: Race = async (setup) => {
  const isOneTooMany = setup.random.chance(0.7);
  const user = await useUp(setup, "failed_look_up", FAILED_LOOK_UPS - CALLERS + (isOneTooMany ? 1 : -1));
  const tryNumber = (caller: number) =>
    sendTransfer(setup.on(user, caller), { walletNumber: newWalletNumber(), amount: money(1n, "XOF") });
  return {
    call: tryNumber,
    refusals: ["recipient_not_found"],
    figures: async () => {
      const next: unknown = await tryNumber(0).catch((error) => error.code);
      const isFree = next === "recipient_not_found";
      return { "look-ups left": [isOneTooMany ? 0 : 1, isFree ? 1 : 0] };
    },
  };
};

/** A control: each caller reads a count, and writes it back increased by one if it is below the limit. */
const countedLate =
  (limit: number): Race =>
  async (setup) => {
    const used = setup.random.int(0, 4);
    const sql = setup.database.db.$client;
    const key = `race:${newKey()}`;
    await sql`insert into rate_limits (key, points) values (${key}, ${used})`;
    return {
      call: async () => {
        const [row] = await sql<{ points: number }[]>`select points from rate_limits where key = ${key}`;
        const points = Number(row?.points ?? limit);
        if (points >= limit) return false;
        await sql`update rate_limits set points = ${points + 1} where key = ${key}`;
        return true;
      },
      figures: async (results) => ({
        "tries under the limit": [limit - used, results.filter(({ value }) => value === true).length],
      }),
    };
  };

export const LIMIT_RACES: readonly Resource[] = [
  {
    name: "PIN tries",
    lock: "one update that checks and counts",
    race: pinTries,
    control: countedLate(PIN_TRIES_MAX),
  },
  {
    name: "recipient look-ups",
    lock: "one upsert that counts",
    race: lookUps,
    control: countedLate(LOOK_UPS),
  },
  {
    name: "failed recipient look-ups",
    lock: "one upsert that counts",
    race: failedLookUps,
    control: countedLate(CALLERS - 1),
  },
];
