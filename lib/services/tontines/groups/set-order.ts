import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { type SetOrder, setOrderSchema } from "../schema";
import { findOwnGroup, inOwnGroup, requireRole, requireState } from "./group";
import { renewRules } from "./renew-rules";
import { reorderShares, selectShares } from "./store";

/**
 * Fixes the order in which shares take, before the start. Whoever has signed is asked to sign again: an order is agreed by all. The
 * chair only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `validation_failed` unless each share is named once.
 */
export async function setOrder(context: Context, input: SetOrder): Promise<void> {
  const { code, shareIds } = setOrderSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair");
    requireState(group, "draft", "inviting", "agreed");
    const shares = await selectShares(tx, group.cycle.id);
    const known = shares.map(({ id }) => id.toString());
    const isWhole =
      shareIds.length === known.length && new Set([...shareIds, ...known]).size === known.length;
    if (!isWhole) {
      throw new DomainError("validation_failed", {
        issues: [{ field: "shareIds", reason: "order_invalid" }],
      });
    }
    if (known.every((id, index) => id === shareIds[index])) return;
    await reorderShares(tx, shareIds.map(BigInt));
    await renewRules(tx, context, group);
  });
}
