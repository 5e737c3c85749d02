import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { StartError } from "@/lib/start-error";

/** The operating system's account that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

const NOBODY = 65_534;

function idOf(flag: "-u" | "-g", user: string): number | undefined {
  try {
    return Number(
      execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return undefined;
  }
}

/** The account that root switches to, since PostgreSQL refuses to run as root (an id without a name fails); else undefined. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ["postgres", "nobody"]) {
    const uid = idOf("-u", user);
    const gid = idOf("-g", user);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return { uid: NOBODY, gid: NOBODY };
}

/** True when any account may walk down to `directory`, e.g. not below a home of mode 0700. */
export function isReachable(directory: string): boolean {
  for (let current = path.resolve(directory); ; current = path.dirname(current)) {
    if ((fs.statSync(current).mode & 0o001) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

/** A directory of ours below `base` that no other account can write to or has made before us. */
export function privateDirectory(base: string, name: string): string | undefined {
  const directory = path.join(base, name);
  try {
    fs.mkdirSync(directory, { mode: 0o755 });
    fs.chmodSync(directory, 0o755);
  } catch {
    if (!fs.existsSync(directory)) return undefined;
  }
  const stat = fs.lstatSync(directory);
  const isOurs = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
  return isOurs ? directory : undefined;
}

/** A short name for a path that stays the same from one start to the next. */
export function nameFor(place: string): string {
  return `cauris-${createHash("sha256").update(path.resolve(place)).digest("hex").slice(0, 12)}`;
}

/**
 * Where the data of `dataDir` really lives: there, or, when root asks for a place that PostgreSQL's account
 * can't reach, below /var/lib or the temporary directory under a name derived from it.
 */
export function placeFor(dataDir: string, account = serverAccount()): string {
  const wanted = path.resolve(dataDir);
  const parent = path.dirname(wanted);
  try {
    fs.mkdirSync(parent, { recursive: true });
    fs.accessSync(parent, fs.constants.W_OK);
  } catch {
    throw new StartError(
      `${parent} can't be written to by this user; set DATA_DIR to a directory of your own.`,
    );
  }
  if (account === undefined || isReachable(parent)) return wanted;
  for (const base of ["/var/lib", os.tmpdir()]) {
    if (!fs.existsSync(base) || !isReachable(base)) continue;
    const directory = privateDirectory(base, nameFor(wanted));
    if (directory !== undefined) return path.join(directory, path.basename(wanted));
  }
  throw new StartError(
    `PostgreSQL can't run as root and its account can't reach ${wanted}; set DATA_DIR elsewhere.`,
  );
}
