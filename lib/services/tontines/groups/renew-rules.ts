import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import { type Group, recordEvents } from "./group";
import { countSignatures, insertRules, moveMembers, setCycleRules, updateTontine } from "./store";

/**
 * What members agreed to has changed before the start: what they signed counts no more, and each is asked again. Nothing to do while nobody has
 * signed. Under the group's lock.
 */
export async function renewRules(tx: Transaction, context: Context, group: Group): Promise<void> {
  const { rules, tontine, cycle } = group;
  if ((await countSignatures(tx, rules.id)) === 0) return;
  const { parameters, textFr, textEn, version, tontineId } = rules;
  const renewed = await insertRules(tx, { tontineId, parameters, textFr, textEn, version: version + 1 });
  await setCycleRules(tx, cycle.id, renewed.id);
  await moveMembers(tx, [...group.members.keys()], "signed", "invited");
  if (tontine.state === "agreed") await updateTontine(tx, tontine.id, { state: "inviting" });
  await recordEvents(tx, context, group, [{ kind: "rules.proposed" }]);
}
