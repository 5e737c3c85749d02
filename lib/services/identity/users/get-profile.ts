import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { type Context, requireUser } from "@/lib/services/context";
import { findProfile, findUserById } from "./store";

export interface Profile {
  email: string | null;
  isEmailVerified: boolean;
  firstName: string;
  lastName: string;
  /** E.164, or null. */
  phone: string | null;
  isPhoneVerified: boolean;
  /** Whether others may send money by the verified number. */
  isPayableByPhone: boolean;
  locale: "fr" | "en";
  pictureUrl: string | null;
  walletNumber: string;
  /** False for people who only ever came through Google. */
  hasPassword: boolean;
}

/** The signed-in user as they see themselves. Throws `unauthenticated`. */
export async function getProfile(context: Context): Promise<Profile> {
  const found = await findProfile(context.db, requireUser(context));
  invariant(found, "a signed-in user has a wallet");
  const { user, walletNumber } = found;
  return {
    email: user.email,
    isEmailVerified: user.emailVerifiedAt !== null,
    firstName: user.firstName,
    lastName: user.lastName,
    phone: user.phone,
    isPhoneVerified: user.phoneVerifiedAt !== null,
    isPayableByPhone: user.isPayableByPhone,
    locale: user.locale,
    pictureUrl: user.pictureUrl,
    walletNumber,
    hasPassword: user.passwordHash !== null,
  };
}

/** What a provider or a form needs to know of the payer. */
export interface Payer {
  email: string | null;
  /** E.164, or null. */
  phone: string | null;
  locale: "fr" | "en";
}

/** The address that a provider asks for. Throws `validation_failed` for a payer who has none. */
export function requireEmail({ email }: Payer): string {
  if (email !== null) return email;
  throw new DomainError("validation_failed", { issues: [{ field: "method", reason: "email_needed" }] });
}

/** For verbs that have checked the actor already. */
export async function payerOf(reader: Reader, userId: bigint): Promise<Payer> {
  const user = await findUserById(reader, userId);
  invariant(user, "an actor with a user id is a user");
  const { email, phone, locale } = user;
  return { email, phone, locale };
}
