import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { Context } from "../../context";
import { findUsersGroup } from "../groups/group";
import { payOpenDues } from "./pay-dues";
import type { TontineReceipt } from "./pay-once";
import { findGroupOfDue } from "./store";

/** A payment by the API. */
export interface PayDue {
  dueId: bigint;
  /** In the group's currency; null pays what is open. */
  amountMinor: bigint | null;
  /** Null pays each time. */
  key: string | null;
}

/**
 * Pays one due of a group from the wallet of one of its members, as `payDues` does, by the API: the key's permission, or the person's
 * access token, stands for the PIN. Throws `not_found` for a due of a group that isn't theirs, and what `payDues` throws but for the PIN.
 */
export async function payDue(context: Context, { dueId, amountMinor, key }: PayDue): Promise<TontineReceipt> {
  const code = await findGroupOfDue(context.db, dueId);
  if (code === null) throw new DomainError("not_found");
  const own = await findUsersGroup(context, code);
  return await payOpenDues(context, own, { ids: [dueId], amountMinor }, { pin: null, key: key ?? newKey() });
}
