import { draftCookieName, forgottenDraftCookie, openDraft, ownerTag } from "./form-draft";
import { addResponseHeader } from "./response-status";

/** For a sign-in: takes the browser's draft back unless this user typed it. */
export function dropDraftOfOthers(headers: Headers, userId: bigint): void {
  const prefix = `${draftCookieName()}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const draft = openDraft(pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length));
  if (draft !== null && draft.owner !== ownerTag(userId)) {
    addResponseHeader("set-cookie", forgottenDraftCookie());
  }
}
