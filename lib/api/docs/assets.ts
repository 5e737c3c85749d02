import fs from "node:fs/promises";
import path from "node:path";
import { type CachedFile, cacheFile } from "./cached-file";

const FOLDER = "lib/api/docs/browser";

/** The only files that are served, with their type, by the last part of their address. */
const ASSETS = new Map([
  ["start.js", "text/javascript; charset=utf-8"],
  ["page.css", "text/css; charset=utf-8"],
]);

const cached = new Map<string, Promise<CachedFile>>();

/** Null for what isn't on the list. A file is read at its first use, and then cached. */
export async function findAsset(name: string): Promise<CachedFile | null> {
  const type = ASSETS.get(name);
  if (type === undefined) return null;
  const known = cached.get(name);
  if (known) return await known;
  const reading = read(name, type);
  cached.set(name, reading);
  // A file that couldn't be read once, during an installation, isn't missing for ever.
  reading.catch(() => cached.delete(name));
  return await reading;
}

// Whoever starts us stands in the repository's root. Next's bundler must not take the whole root along.
async function read(name: string, type: string): Promise<CachedFile> {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER, name);
  return await cacheFile(new Uint8Array(await fs.readFile(file)), type);
}
