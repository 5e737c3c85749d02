import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { type Context, requirePerson } from "@/lib/services/context";
import { updateUser } from "./store";

/** Whether others may send money to the signed-in person by their verified phone number. Throws `unauthenticated`. */
export async function setPayableByPhone(context: Context, isPayableByPhone: boolean): Promise<void> {
  const userId = requirePerson(context);
  const updated = await inTransaction(context.db, (tx) => updateUser(tx, userId, { isPayableByPhone }));
  invariant(updated, "a signed-in user exists");
}
