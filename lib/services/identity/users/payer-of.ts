import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { findUserById } from "./store";

/** What a payment needs to know of the person behind it. */
export interface Payer {
  email: string;
  /** E.164, or null. */
  phone: string | null;
  locale: "fr" | "en";
}

/** For verbs that already know who asks. */
export async function payerOf(reader: Reader, userId: bigint): Promise<Payer> {
  const user = await findUserById(reader, userId);
  invariant(user, "who asks is a user");
  const { email, phone, locale } = user;
  return { email, phone, locale };
}
