import type { Transaction } from "@/db/client";
import type { Group } from "../groups/group";
import { insertNotices, selectNamedMembers } from "../notices/store";
import type { DisputeRow } from "./store";

/** Tells the officers that a dispute was opened, or who opened it that it is settled. */
export async function tellOfDispute(
  tx: Transaction,
  { tontine }: Group,
  { id, openedByMemberId }: DisputeRow,
  what: "opened" | "settled",
): Promise<void> {
  const members = await selectNamedMembers(tx, tontine.id, null);
  const told = members.filter((member) =>
    what === "settled"
      ? member.id === openedByMemberId
      : member.roles.length > 0 && member.id !== openedByMemberId,
  );
  const kind = what === "opened" ? "tontine_dispute" : "tontine_dispute_settled";
  const details = { code: tontine.code, group: tontine.name, page: "disputes" };
  await insertNotices(
    tx,
    told.flatMap(({ userId }) => (userId === null ? [] : [{ userId, kind, details, key: `${kind}:${id}` }])),
  );
}
