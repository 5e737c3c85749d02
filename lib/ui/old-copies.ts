/** The cache of a session's copies is named by its marker; public/sw.js knows the prefix too. */
const COPIES = "copies-";

/** The id of the hidden notice at the top of a page that may be kept: it says when the page was seen. */
export const OLD_COPY_NOTICE = "old-copy";

/** The cache of the copies that belong to a session. */
export function copiesOf(marker: string): string {
  return COPIES + marker;
}

/** Deletes the copies of every other session. */
export async function forgetOtherCopies(marker: string): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(COPIES) && name !== copiesOf(marker)) await caches.delete(name);
  }
}

/** Registers the service worker, once; its file may be an hour old, so that a visit doesn't cost a request for it. */
export async function registerWorker(): Promise<void> {
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" });
}
