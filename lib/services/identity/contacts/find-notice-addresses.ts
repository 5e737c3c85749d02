import type { Reader } from "@/db/client";
import { homeCountryOf, type TimeZone, timeZoneOf } from "@/lib/phone";
import { findContactsOf } from "./store";

/** Where a person is told something: what they have verified only. */
export interface NoticeAddresses {
  email: string | null;
  /** E.164. */
  phone: string | null;
  locale: "fr" | "en";
  /** Of the country of their number, or else of Burkina Faso. */
  timeZone: TimeZone;
}

/** Null for a user who doesn't exist. */
export async function findNoticeAddresses(reader: Reader, userId: bigint): Promise<NoticeAddresses | null> {
  const user = await findContactsOf(reader, userId);
  if (!user) return null;
  return {
    email: user.emailVerifiedAt === null ? null : user.email,
    phone: user.phoneVerifiedAt === null ? null : user.phone,
    locale: user.locale,
    timeZone: timeZoneOf(homeCountryOf(user.phone)),
  };
}
