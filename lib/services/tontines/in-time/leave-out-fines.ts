import type { Reader } from "@/db/client";
import type { Group } from "../groups/group";
import type { OwedDue } from "../turns/store";
import { findPayableInTime } from "./is-paid-in-time";
import { selectQuestionedFines } from "./store";

/** These dues without fines that go once their contribution, which is among them, is paid by this wallet now. */
export async function leaveOutFines(
  reader: Reader,
  group: Group,
  { walletId, dues }: { walletId: bigint; dues: readonly OwedDue[] },
  now: Date,
): Promise<OwedDue[]> {
  if (!dues.some(({ kind }) => kind === "fine")) return [...dues];
  const questioned = await selectQuestionedFines(reader, group.tontine.id, now);
  const ids = new Set(questioned.map(({ dueId }) => dueId));
  const contributions = dues.filter(({ id }) => ids.has(id));
  const inTime = await findPayableInTime(reader, group, { walletId, contributions }, now);
  const gone = new Set(questioned.filter(({ dueId }) => inTime.has(dueId)).map(({ fineId }) => fineId));
  return dues.filter(({ id }) => !gone.has(id));
}
