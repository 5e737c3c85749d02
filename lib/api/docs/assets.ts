import fs from "node:fs/promises";
import path from "node:path";
import { type CachedFile, cacheFile } from "./cached-file";

const VENDOR = "node_modules/swagger-ui-dist";
const OWN = "lib/api/docs/browser";
const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

/** The only files that are served, by the last part of their address. */
const ASSETS = new Map([
  ["swagger-ui-bundle.js", { folder: VENDOR, type: SCRIPT }],
  ["swagger-ui-bundle.js.LICENSE.txt", { folder: VENDOR, type: "text/plain; charset=utf-8" }],
  ["swagger-ui.css", { folder: VENDOR, type: STYLE }],
  ["start.js", { folder: OWN, type: SCRIPT }],
  ["page.css", { folder: OWN, type: STYLE }],
]);

const cached = new Map<string, Promise<CachedFile>>();

/** Null for what isn't on the list. A file is read at its first use, and then cached. */
export async function findAsset(name: string): Promise<CachedFile | null> {
  const asset = ASSETS.get(name);
  if (!asset) return null;
  const known = cached.get(name);
  if (known) return await known;
  const reading = read(name, asset);
  cached.set(name, reading);
  // A file that couldn't be read once, during an installation, isn't missing for ever.
  reading.catch(() => cached.delete(name));
  return await reading;
}

// Whoever starts us stands in the repository's root. Next's bundler must not take the whole root along.
async function read(name: string, { folder, type }: { folder: string; type: string }): Promise<CachedFile> {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), folder, name);
  return await cacheFile(new Uint8Array(await fs.readFile(file)), type);
}
