import { cache } from "react";

type Count = () => Promise<number>;

/** One holder a request: the interface knows no services, so the page's wrapper says how unread notices are counted. */
const holder = cache((): { count: Count } => ({ count: async () => 0 }));

/** For the wrapper of pages: how the signed-in person's unread notices are counted, if a page shows the number. */
export function provideUnreadCount(count: Count): void {
  holder().count = count;
}

/** How many notices the signed-in person hasn't read; 0 for nobody. */
export async function unreadCount(): Promise<number> {
  return await holder().count();
}
