import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Group } from "../groups/group";
import { selectOpenDebts } from "../money/store";
import { selectOpenDues } from "../turns/store";

/** Throws `tontine_debt_open` for a member who owes: a due that was called, a fine, or what others paid for them (T8). */
export async function requireClear(tx: Transaction, group: Group, memberId: bigint): Promise<void> {
  const dues = await selectOpenDues(tx, group.tontine.id);
  const isClear =
    !dues.some((due) => due.memberId === memberId) && (await selectOpenDebts(tx, memberId)).length === 0;
  if (!isClear) throw new DomainError("tontine_debt_open");
}
