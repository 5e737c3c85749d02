import type { Transaction } from "@/db/client";
import type { Group } from "../groups/group";
import { moveMembers } from "../groups/store";
import { selectOpenDues } from "../turns/store";

/** Members without a late contribution are late no more. */
export async function restoreMembers(tx: Transaction, group: Group): Promise<void> {
  const late = new Set(
    (await selectOpenDues(tx, group.tontine.id))
      .filter(({ kind, state }) => kind === "contribution" && state === "late")
      .map(({ memberId }) => memberId),
  );
  const cleared = [...group.members.values()].filter(({ id, state }) => state === "late" && !late.has(id));
  await moveMembers(
    tx,
    cleared.map(({ id }) => id),
    "late",
    "active",
  );
}
