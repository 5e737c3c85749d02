import { DEFAULT_PHONE_COUNTRY, phoneCountryOf, type TimeZone, timeZoneOf } from "@/lib/phone";
import { currentUser } from "./session";

/** The zone that times are shown in: that of the signed-in person's number. */
export async function viewerTimeZone(): Promise<TimeZone> {
  const phone = (await currentUser())?.phone ?? null;
  return timeZoneOf((phone && phoneCountryOf(phone)) || DEFAULT_PHONE_COUNTRY);
}
