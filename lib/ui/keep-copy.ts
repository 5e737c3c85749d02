import { copiesOf, OLD_COPY_NOTICE, registerWorker } from "./old-copies";

const KEPT_MAX = 40;

/** A copy runs no script and sends no form. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Keeps the page as it is shown now, for public/sw.js to answer with while there is no network. */
export async function keepCopy(marker: string): Promise<void> {
  const { pathname, search } = window.location;
  if (search !== "" || savesData()) return;
  const page = copyOf(document);
  const styles = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  await registerWorker();
  const cache = await caches.open(copiesOf(marker));
  await cache.addAll(styles.map(({ href }) => href));
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": POLICY,
    date: new Date().toUTCString(),
  };
  await cache.put(pathname.replace(/(.)\/$/, "$1"), new Response(page, { headers }));
  // What was kept last stands last.
  for (const old of (await cache.keys()).slice(0, -KEPT_MAX)) await cache.delete(old);
}

/** True where people told their browser to save data. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function copyOf({ documentElement }: Document): string {
  const copy = documentElement.cloneNode(true) as HTMLElement;
  for (const each of copy.querySelectorAll("script, noscript, link[as], next-route-announcer")) each.remove();
  for (const each of copy.querySelectorAll("button, input, select, textarea"))
    each.setAttribute("disabled", "");
  copy.querySelector(`#${OLD_COPY_NOTICE}`)?.removeAttribute("hidden");
  return `<!doctype html>${copy.outerHTML}`;
}
