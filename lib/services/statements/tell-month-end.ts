import { inTransaction } from "@/db/transaction";
import { addDays, dayOf, startOfDay } from "@/lib/day-range";
import { PHONE_COUNTRIES, type TimeZone, timeZoneOf } from "@/lib/phone";
import { type Context, requireSystem } from "../context";
import { listNoticeAddresses } from "../identity/contacts/find-notice-addresses";
import { recordNotice } from "../notices/record-notice";
import { type MonthEndReader, selectMonthEndReaders } from "./store";

/** Until this day of a month people are still told of the last one, after an outage. */
const LAST_DAY = 3;
const BATCH_SIZE = 500;

/**
 * From the 1st on, in their own zone, tells people once that the last month's statement can be read: those who chose a channel for it before that
 * month was over. Answers how many. Throws `unauthenticated`.
 */
export async function tellMonthEnds(context: Context): Promise<number> {
  requireSystem(context);
  const zones = [...new Set(PHONE_COUNTRIES.map(timeZoneOf))];
  let told = 0;
  for (const zone of zones) told += await tellZone(context, zone);
  return told;
}

async function tellZone({ db, now }: Context, zone: TimeZone): Promise<number> {
  const today = dayOf(now, zone);
  if (Number(today.slice(8)) > LAST_DAY) return 0;
  const first = `${today.slice(0, 7)}-01`;
  const month = addDays(first, -1).slice(0, 7);
  const key = `monthly_statement:${month}`;
  const chosenBefore = startOfDay(first, zone);
  let [told, after] = [0, 0n];
  for (;;) {
    const readers: MonthEndReader[] = await selectMonthEndReaders(db, {
      key,
      chosenBefore,
      after,
      limit: BATCH_SIZE,
    });
    const ids = readers.map(({ userId }) => userId);
    const addresses = await listNoticeAddresses(db, ids);
    const here = ids.filter((userId) => addresses.get(userId)?.timeZone === zone);
    if (here.length > 0) {
      await inTransaction(db, async (tx) => {
        for (const userId of here) {
          await recordNotice(tx, { userId, kind: "monthly_statement", details: { month }, key });
        }
      });
    }
    told += here.length;
    const last = ids.at(-1);
    if (last === undefined || ids.length < BATCH_SIZE) return told;
    after = last;
  }
}
