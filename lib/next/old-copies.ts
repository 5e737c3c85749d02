import { createHmac } from "node:crypto";
import { headers } from "next/headers";
import { cache } from "react";
import { config } from "@/lib/config";
import { addResponseHeader } from "@/lib/http/response-status";
import { currentUser } from "./session";
import { isBalanceHidden } from "./shown-balance";

// A browser may keep copies of some pages, to be read while there is no network. They belong to one session.

/** Tells public/sw.js whose copies may stay. */
const HEADER = "offline-copies";
const NOBODY = "none";
const MARKER_LENGTH = 22;

const kept = cache((): { isKept: boolean } => ({ isKept: false }));

/** For a page: a copy of it may be kept in the browser of the signed-in person. */
export function keepOldCopy(): void {
  kept().isKept = true;
}

export interface OldCopiesOfPage {
  marker: string;
  /** True when a copy of this page may be kept. */
  isKept: boolean;
}

/**
 * Whose copies the browser of this request may have; sends the same as a header. Each session has a marker of its own, and another
 * one while the balance is hidden: signing out, another account and hiding the balance each make the browser delete what it has.
 * A browser that asks to save data keeps nothing. Null while the database is away: then nobody knows whose they are.
 */
export async function oldCopies(): Promise<OldCopiesOfPage | null> {
  const [user, isHidden, request] = await Promise.all([
    currentUser().catch(() => undefined),
    isBalanceHidden(),
    headers(),
  ]);
  if (user === undefined) return null;
  const savesData = request.get("save-data")?.toLowerCase() === "on";
  const marker = user === null || savesData ? NOBODY : copiesMarker(user.sessionId, isHidden);
  addResponseHeader(HEADER, marker);
  return { marker, isKept: marker !== NOBODY && kept().isKept };
}

/** Stands for a session and tells nothing about it. */
function copiesMarker(sessionId: string, isBalanceHidden: boolean): string {
  const mac = createHmac("sha256", config().auth.secret);
  const text = `cauris old copies: ${sessionId} ${isBalanceHidden ? "hidden" : "shown"}`;
  return mac.update(text).digest("base64url").slice(0, MARKER_LENGTH);
}
