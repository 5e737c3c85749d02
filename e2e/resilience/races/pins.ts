import { createUser, type TestUser } from "@/e2e/support/people";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { hashPin } from "@/lib/services/identity/pin/pin-hash";
import { PIN_TRIES_MAX } from "@/lib/services/identity/pin/policy";
import type { RaceDatabase } from "./race-database";
import { callers, exactly, holds, type Race, type Result } from "./round";

/** Everybody's in these races: hashing one takes longer than a race. */
export const PIN = "8317";

let hashed: Promise<string> | undefined;

/** Somebody who has a PIN, and got it wrong `wrongTries` times in a row. */
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

/** Thirty guesses at once are compared five times at most; every comparison was counted before. */
export const triesOfPin: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const known = random.int(0, PIN_TRIES_MAX - 1);
  await givePin(deployment, user, known);
  const databaseOf = deployment.spread(random);
  const first = random.int(1_000, 7_000);
  return {
    calls: callers(
      (caller) => () => checkPin({ ...user.context, db: databaseOf(caller) }, String(first + caller)),
    ),
    refusals: ["pin_wrong", "pin_locked"],
    judge: async (results) => [
      ...exactly("tries counted", PIN_TRIES_MAX, await triesOf(deployment, user)),
      // The one that locks it is compared too, and hears that it is locked.
      ...exactly("guesses that hear they are wrong", PIN_TRIES_MAX - known - 1, count(results, "pin_wrong")),
      ...holds(count(results, "pin_locked") > 0, "the PIN is locked"),
    ],
  };
};

/** The control: whether a try is left is looked at, then the PIN, and then the try is counted. */
export const triesOfPinCountedAfterwards: Race = async (deployment, random) => {
  const user = await createUser(deployment.db);
  const known = random.int(0, PIN_TRIES_MAX - 1);
  await givePin(deployment, user, known);
  let compared = 0;
  const guess = async () => {
    const sql = deployment.db.$client;
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
    judge: async () => exactly("guesses compared", PIN_TRIES_MAX - known, compared),
  };
};
