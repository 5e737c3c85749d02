import type { NoticeChannel } from "../notices/kinds";

/** Nobody is disturbed before 8 and from 20 o'clock on, in the zone of their number, but for security. */
export const QUIET_UNTIL_HOUR = 8;
export const QUIET_FROM_HOUR = 20;

/** How many messages a day (24 hours) one person gets of notices that aren't about security, and by SMS of new devices and the like; the page shows all of them. */
export const MESSAGES_PER_DAY_MAX: Readonly<Record<NoticeChannel, number>> = {
  sms: 20,
  email: 100,
  push: 200,
};

/** A notice that couldn't be queued for this long is shown on the page only. */
export const WORTH_TELLING_MS = 3 * 24 * 60 * 60 * 1000;

/** The page of notices and the count beside its link. */
export const PAGE_SIZE = 30;
export const UNREAD_COUNTED_MAX = 100;
