import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { FieldReader } from "../read-fields";
import { type MovePlace, movePlaceSchema, type SetOrder, setOrderSchema } from "../schema";
import { findOwnGroup, inOwnGroup, type LockedGroup, requireRole, requireState } from "./group";
import { renewRules } from "./renew-rules";
import { reorderShares, selectShares } from "./store";

/**
 * Fixes the order in which shares take, before the start. Whoever has signed is asked to sign again: an order is agreed by all, and the
 * hash that they sign is of this order. The
 * chair only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now` (also where the order is drawn), `validation_failed` unless each share is named once.
 */
export async function setOrder(context: Context, input: SetOrder): Promise<void> {
  const { code, shareIds } = setOrderSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const known = await requireOrderable(tx, group);
    const isWhole =
      shareIds.length === known.length && new Set([...shareIds, ...known]).size === known.length;
    if (!isWhole) {
      throw new DomainError("validation_failed", {
        issues: [{ field: "shareIds", reason: "order_invalid" }],
      });
    }
    await applyOrder(tx, context, group, { known, wanted: shareIds });
  });
}

/**
 * Puts one share at another place of the order; those between move up or down. As {@link setOrder} otherwise: for a form that works without
 * scripts whatever the number of shares. Throws what it throws, and `validation_failed` about `position`.
 */
export async function movePlace(context: Context, input: MovePlace): Promise<void> {
  const { code, shareId, position } = movePlaceSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const known = await requireOrderable(tx, group);
    const reader = new FieldReader(group.tontine.currency);
    const place = reader.whole("position", position, null, [1, known.length]);
    reader.require();
    if (!known.includes(shareId)) throw new DomainError("not_found");
    const others = known.filter((id) => id !== shareId);
    await applyOrder(tx, context, group, { known, wanted: others.toSpliced(place - 1, 0, shareId) });
  });
}

/** The shares in their present order, for the chair before the start. */
async function requireOrderable(tx: Transaction, group: LockedGroup): Promise<string[]> {
  requireRole(group.member, "chair");
  requireState(group, "draft", "inviting", "agreed");
  if (group.parameters.order !== "fixed") throw new DomainError("tontine_not_now");
  return (await selectShares(tx, group.cycle.id)).map(({ id }) => id.toString());
}

async function applyOrder(
  tx: Transaction,
  context: Context,
  group: LockedGroup,
  { known, wanted }: { known: readonly string[]; wanted: readonly string[] },
): Promise<void> {
  if (known.every((id, index) => id === wanted[index])) return;
  await reorderShares(tx, wanted.map(BigInt));
  const { textFr, textEn } = group.rules;
  await renewRules(tx, context, group, {
    parameters: { ...group.parameters, shareIds: [...wanted] },
    textFr,
    textEn,
  });
}
