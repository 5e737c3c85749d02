import type { Transaction } from "@/db/client";
import type { Context } from "../../context";
import type { Parameters } from "../rules";
import { type Group, recordEvents } from "./group";
import { countSignatures, insertRules, moveMembers, setCycleRules, updateTontine } from "./store";

/** Rules with other parameters, or the same again. */
export interface ChangedRules {
  parameters: Parameters;
  textFr: string;
  textEn: string;
}

/**
 * What members agreed to has changed before the start: what they signed counts no more, and each is asked again. Nothing to do while nobody has
 * signed and the rules stay as they are. Under the group's lock.
 */
export async function renewRules(
  tx: Transaction,
  context: Context,
  group: Group,
  changed: ChangedRules | null = null,
): Promise<void> {
  const { rules, tontine, cycle } = group;
  const isSigned = (await countSignatures(tx, rules.id)) > 0;
  if (!isSigned && changed === null) return;
  const { version, tontineId } = rules;
  const { parameters, textFr, textEn } = changed ?? rules;
  const renewed = await insertRules(tx, { tontineId, parameters, textFr, textEn, version: version + 1 });
  await setCycleRules(tx, cycle.id, renewed.id);
  await moveMembers(tx, [...group.members.keys()], "signed", "invited");
  if (tontine.state === "agreed") await updateTontine(tx, tontine.id, { state: "inviting" });
  if (isSigned) await recordEvents(tx, context, group, [{ kind: "rules.proposed" }]);
}
