import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { findOwnGroup, inOwnGroup, requireRole, requireState } from "../groups/group";
import { renewRules } from "../groups/renew-rules";
import { writeRules } from "../rules-text";
import { type SetOrderMethod, setOrderMethodSchema } from "../schema";
import { findDraw } from "./store";

/**
 * Chooses how the order of the turns is found, before the start. It is a sentence of the rules: whoever has signed is asked to sign again. The
 * chair only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now` (also once a draw's sheet is frozen).
 */
export async function setOrderMethod(context: Context, input: SetOrderMethod): Promise<void> {
  const { code, order } = setOrderMethodSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair");
    requireState(group, "draft", "inviting", "agreed");
    if (group.parameters.order === order) return;
    if (await findDraw(tx, group.cycle.id)) throw new DomainError("tontine_not_now");
    const { tontine, cycle, calendar } = group;
    const parameters = { ...group.parameters, order };
    const { name, currency, zone } = tontine;
    const { contributionMinor, shareCount, sharesPerTurn } = cycle;
    const shares = { contributionMinor, shareCount, sharesPerTurn };
    const text = writeRules({ name, currency, zone, calendar, parameters, ...shares });
    await renewRules(tx, context, group, { parameters, textFr: text.fr, textEn: text.en });
  });
}
