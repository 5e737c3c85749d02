import { inTransaction } from "@/db/transaction";
import { actorName, type Context, requirePerson } from "../../context";
import { claimKeyForAnswer, storeAnswer } from "../../idempotency/claim";
import { requireIdempotencyKey } from "../../idempotency/key";
import { shownName } from "../../identity/users/shown-name";
import { newTontineCode } from "../code";
import { writeRules } from "../rules-text";
import { type CreateTontine, createTontineSchema } from "../schema";
import { checkTontine } from "./check-tontine";
import {
  findPerson,
  insertCycle,
  insertEvents,
  insertMember,
  insertRules,
  insertTontine,
  type TontineRow,
} from "./store";
import { takeShares } from "./take-shares";

export interface CreatedTontine {
  code: string;
  /** True when the key had made it before. */
  replayed: boolean;
}

/**
 * Makes a group with its first cycle and rules; the founder is its chair and holds the first shares. A replay of the same key
 * answers the same group. Throws `validation_failed`, `idempotency_mismatch`.
 */
export async function createTontine(context: Context, input: CreateTontine): Promise<CreatedTontine> {
  const userId = requirePerson(context);
  const typed = createTontineSchema.parse(input);
  requireIdempotencyKey(typed.key);
  const checked = checkTontine(typed, context.now);
  const text = writeRules(checked);
  const { key, ...fields } = typed;
  const claim = {
    userId,
    key,
    input: { verb: "create_tontine", fields: [JSON.stringify(fields)] },
  };
  return await inTransaction(context.db, async (tx) => {
    const earlier = await claimKeyForAnswer(tx, claim);
    if (earlier !== null) return { ...(JSON.parse(earlier) as { code: string }), replayed: true };
    const { name, currency, zone, parameters, calendar } = checked;
    let tontine: TontineRow | null = null;
    while (!tontine) {
      tontine = await insertTontine(tx, {
        code: newTontineCode(),
        name,
        currency,
        zone,
        founderUserId: userId,
      });
    }
    const tontineId = tontine.id;
    const rules = await insertRules(tx, {
      tontineId,
      version: 1,
      parameters,
      textFr: text.fr,
      textEn: text.en,
    });
    const { contributionMinor, shareCount, sharesPerTurn } = checked;
    const amounts = { contributionMinor, shareCount, sharesPerTurn, calendar };
    const cycle = await insertCycle(tx, { tontineId, number: 1, rulesId: rules.id, ...amounts });
    const person = await findPerson(tx, userId);
    const founder = await insertMember(tx, {
      tontineId,
      userId,
      name: shownName(person.firstName, person.lastName),
      roles: ["chair"],
    });
    await takeShares(tx, cycle.id, founder.id, checked.ownHalves);
    const event = { tontineId, actor: actorName(context.actor), createdAt: context.now };
    await insertEvents(tx, [{ ...event, kind: "group.created", memberId: founder.id }]);
    await storeAnswer(tx, claim, JSON.stringify({ code: tontine.code }));
    return { code: tontine.code, replayed: false };
  });
}
