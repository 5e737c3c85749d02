import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { type Context, requireUser } from "@/lib/services/context";
import type { ProfileInput } from "./schema";
import { updateUser } from "./store";

/** Changes name, phone or language; what is left out stays. Throws `unauthenticated`. */
export async function updateProfile(
  context: Context,
  changes: Partial<ProfileInput & { locale: "fr" | "en" }>,
): Promise<void> {
  const userId = requireUser(context);
  const { firstName, lastName, phone, locale } = changes;
  const named = {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(phone === undefined ? {} : { phone }),
    ...(locale === undefined ? {} : { locale }),
  };
  const updated = await inTransaction(context.db, (tx) => updateUser(tx, userId, named));
  invariant(updated, "a signed-in user exists");
}
