import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import type { NamedTontine } from "../schema";
import { findOwnGroup, inOwnGroup, recordEvents, requireState } from "./group";
import { updateTontine } from "./store";

/** Ends a group that has not started: no money has moved. The founder only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`. */
export async function cancelTontine(context: Context, { code }: NamedTontine): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    if (group.tontine.founderUserId !== own.userId) throw new DomainError("tontine_role_missing");
    if (group.tontine.state === "cancelled") return;
    requireState(group, "draft", "inviting", "agreed");
    await updateTontine(tx, group.tontine.id, { state: "cancelled" });
    await recordEvents(tx, context, group, [{ kind: "group.cancelled", memberId: group.member.id }]);
  });
}
