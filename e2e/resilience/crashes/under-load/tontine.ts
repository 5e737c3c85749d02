import type { Deployment } from "@/e2e/resilience/deployment";
import type { ApiUser } from "@/e2e/support/credentials";
import { createContext, TEST_PIN } from "@/e2e/support/people";
import { codeOf, readTontine, signAll } from "@/e2e/support/tontines";
import { addDays, dayOf } from "@/lib/day-range";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";

const ZONE = "Africa/Abidjan";
/** A turn is called at once when its due day is so near. */
const FIRST_DAY_IN = 2;
/** More than a load pays of one due, so that each of its payments is a part. */
const CONTRIBUTION = "1 000 000";

/** Starts a tontine of these people whose dues may be paid in parts. Returns the ids of its first turn's dues. */
export async function startTontineOf({ db }: Deployment, people: readonly ApiUser[]): Promise<string[]> {
  for (const { context } of people) await setPin(context, { pin: TEST_PIN });
  const firstDay = addDays(dayOf(new Date(), ZONE), FIRST_DAY_IN);
  const rules = { contribution: CONTRIBUTION, zone: ZONE, firstDay, partsAllowed: "on" } as const;
  const code = await codeOf(people, rules);
  await signAll(db, code, people);
  const [chair] = people;
  if (chair) await startTontine(chair.context, { code, pin: TEST_PIN });
  const { id } = await readTontine(db, code);
  await advanceTontine(createContext(db, { kind: "system" }), id);
  const dues = await db.$client<{ id: string }[]>`
    select id from tontine_dues where tontine_id = ${id.toString()} and kind = 'contribution' order by id`;
  return dues.map((due) => due.id);
}
