import type { Database } from "@/db/client";
import { isUuid } from "@/lib/ids";
import { SESSION_ABSOLUTE_DAYS, SESSION_IDLE_DAYS, SESSION_TOUCH_MINUTES } from "./policy";
import { findLiveSession, touchSession } from "./store";

/** The person behind a request. For the server only: presenters choose what a page shows. */
export interface SignedInUser {
  userId: bigint;
  sessionId: string;
  email: string | null;
  firstName: string;
  lastName: string;
  /** E.164, or null. */
  phone: string | null;
  locale: "fr" | "en";
  pictureUrl: string | null;
}

const MINUTE_MS = 60_000;

/** Null when the session is unknown, revoked or expired, or its user is frozen. Being seen keeps it alive. */
export async function findSession(db: Database, sessionId: string): Promise<SignedInUser | null> {
  if (!isUuid(sessionId)) return null;
  const found = await findLiveSession(db, sessionId);
  if (!found) return null;
  const { session, user } = found;
  // The exact test is the statement's own; this one only saves the write on most requests.
  if (Date.now() - session.lastSeenAt.getTime() > SESSION_TOUCH_MINUTES * MINUTE_MS) {
    await touchSession(db, sessionId, {
      everyMinutes: SESSION_TOUCH_MINUTES,
      idleDays: SESSION_IDLE_DAYS,
      absoluteDays: SESSION_ABSOLUTE_DAYS,
    });
  }
  return {
    userId: user.id,
    sessionId: session.id,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    phone: user.phone,
    locale: user.locale,
    pictureUrl: user.pictureUrl,
  };
}
