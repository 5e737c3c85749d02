import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/phone";
import { type Context, requireUser } from "@/lib/services/context";
import { ownPhoneOf, type ProfileInput } from "./schema";
import { unverifiedPhone, updateUser } from "./store";

/**
 * Changes name, phone or language, as their schemas checked them; what is left out stays, and so does a number that was verified. Throws
 * `unauthenticated`.
 */
export async function updateProfile(
  context: Context,
  changes: Partial<ProfileInput & { locale: "fr" | "en" }>,
): Promise<void> {
  const userId = requireUser(context);
  const { firstName, lastName, phone, phoneCountry = DEFAULT_PHONE_COUNTRY, locale } = changes;
  const named = {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(phone === undefined ? {} : { phone: unverifiedPhone(ownPhoneOf({ phone, phoneCountry })) }),
    ...(locale === undefined ? {} : { locale }),
  };
  const updated = await inTransaction(context.db, (tx) => updateUser(tx, userId, named));
  invariant(updated, "a signed-in user exists");
}
