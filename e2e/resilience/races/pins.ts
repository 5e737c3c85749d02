import { createUser, type TestUser } from "@/e2e/support/people";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { hashPin } from "@/lib/services/identity/pin/pin-hash";
import { PIN_TRIES_MAX } from "@/lib/services/identity/pin/policy";
import type { RaceDatabase } from "./race-database";
import { callers, exactly, holds, type Race, type Result } from "./round";

/** Everybody's PIN in these races: hashing another one would take longer than a race. */
export const PIN = "8317";

let hashed: Promise<string> | undefined;

/** Gives a user the PIN, with `wrongTries` wrong tries so far. */
export async function givePin(
  { owner }: RaceDatabase,
  { userId }: TestUser,
  wrongTries: number,
): Promise<void> {
  hashed ??= hashPin(PIN);
  await owner`insert into pins (user_id, hash, wrong_tries)
    values (${userId.toString()}, ${await hashed}, ${wrongTries})`;
}

async function triesOf({ owner }: RaceDatabase, { userId }: TestUser): Promise<number> {
  const [row] = await owner<{ tries: number }[]>`
    select wrong_tries as tries from pins where user_id = ${userId.toString()}`;
  return row?.tries ?? -1;
}

const count = (results: readonly Result[], code: string) =>
  results.filter(({ refusal }) => refusal === code).length;

/** Of thirty guesses at once at most five are compared: each is counted before it is compared. */
export const pinTries: Race = async (database, random) => {
  const user = await createUser(database.db);
  const known = random.int(0, PIN_TRIES_MAX - 1);
  await givePin(database, user, known);
  const databaseOf = database.spread(random);
  const first = random.int(1_000, 7_000);
  return {
    calls: callers(
      (caller) => () => checkPin({ ...user.context, db: databaseOf(caller) }, String(first + caller)),
    ),
    refusals: ["pin_wrong", "pin_locked"],
    check: async (results) => [
      ...exactly("tries counted", PIN_TRIES_MAX, await triesOf(database, user)),
      // The guess that locks the PIN is compared too, but refused as locked.
      ...exactly("guesses refused as wrong", PIN_TRIES_MAX - known - 1, count(results, "pin_wrong")),
      ...holds(count(results, "pin_locked") > 0, "the PIN is locked"),
    ],
  };
};

/** The control: reads whether a try is left, compares, and counts the try afterwards. */
export const pinTriesCountedLate: Race = async (database, random) => {
  const user = await createUser(database.db);
  const known = random.int(0, PIN_TRIES_MAX - 1);
  await givePin(database, user, known);
  let compared = 0;
  const guess = async () => {
    const sql = database.db.$client;
    const [row] = await sql<{ tries: number }[]>`
      select wrong_tries as tries from pins where user_id = ${user.userId.toString()}`;
    const tries = row?.tries ?? PIN_TRIES_MAX;
    if (tries >= PIN_TRIES_MAX) return;
    compared += 1;
    await sql`update pins set wrong_tries = ${tries + 1} where user_id = ${user.userId.toString()}`;
  };
  return {
    calls: callers(() => guess),
    refusals: [],
    check: async () => exactly("guesses compared", PIN_TRIES_MAX - known, compared),
  };
};
