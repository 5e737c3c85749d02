import { DEFAULT_PHONE_COUNTRY, phoneCountryOf, type TimeZone, timeZoneOf } from "@/lib/phone";
import { currentUser } from "./session";

/** The zone that times are shown in: that of the signed-in person's number; the deployment's while the database is away. */
export async function viewerTimeZone(): Promise<TimeZone> {
  const user = await currentUser().catch(() => null);
  const phone = user?.phone ?? null;
  return timeZoneOf((phone && phoneCountryOf(phone)) || DEFAULT_PHONE_COUNTRY);
}
