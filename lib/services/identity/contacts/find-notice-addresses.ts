import type { Reader } from "@/db/client";
import { homeCountryOf, type TimeZone, timeZoneOf } from "@/lib/phone";
import { type ContactUserRow, selectContactsOf } from "./store";

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
  return (await listNoticeAddresses(reader, [userId])).get(userId) ?? null;
}

/** The same of several users, by user. */
export async function listNoticeAddresses(
  reader: Reader,
  userIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, NoticeAddresses>> {
  const rows = await selectContactsOf(reader, userIds);
  return new Map(rows.map((user) => [user.id, addressesOf(user)]));
}

function addressesOf(user: ContactUserRow): NoticeAddresses {
  return {
    email: user.emailVerifiedAt === null ? null : user.email,
    phone: user.phoneVerifiedAt === null ? null : user.phone,
    locale: user.locale,
    timeZone: timeZoneOf(homeCountryOf(user.phone)),
  };
}
