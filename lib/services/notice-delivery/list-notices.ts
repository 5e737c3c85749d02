import { type Context, requirePerson } from "../context";
import { PAGE_SIZE } from "./policy";
import { selectNotices } from "./store";
import { type NoticeView, toNoticeView } from "./view";

export interface NoticePage {
  /** Newest first, 30 at most. */
  notices: NoticeView[];
  /** For the next older page; null on the last one. */
  nextCursor: string | null;
}

const CURSOR = /^[1-9][0-9]{0,17}$/;

/** The person's notices below a cursor; one that nobody gave out is the beginning. Throws `unauthenticated`. */
export async function listNotices(context: Context, cursor: string | undefined): Promise<NoticePage> {
  const userId = requirePerson(context);
  const beforeId = cursor !== undefined && CURSOR.test(cursor) ? BigInt(cursor) : null;
  const found = await selectNotices(context.db, userId, { beforeId, limit: PAGE_SIZE + 1 });
  const shown = found.slice(0, PAGE_SIZE).map(toNoticeView);
  const last = shown.at(-1);
  return { notices: shown, nextCursor: last && found.length > PAGE_SIZE ? last.id.toString() : null };
}
