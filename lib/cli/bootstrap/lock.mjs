import fs from "node:fs";
import path from "node:path";
import { isAlive, processMark } from "./process.mjs";

/**
 * Makes this process the only launcher of `dataDir`. Returns a function that gives the place back, or
 * the record of the launcher that has it: `{ pid, url }`.
 */
export function takeLock(dataDir, url) {
  fs.mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, "launcher.json");
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, mark: processMark(process.pid), url }));
  try {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (tryLink(draft, file)) return { release: () => releaseLock(file) };
      const holder = readLock(file);
      if (holder !== undefined && isHeld(holder)) return { holder };
      putAside(file, `${draft}.old`);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  throw new Error(`${file} can't be taken: remove it if nothing runs.`);
}

// A hard link appears whole or not at all, and only where nothing is.
function tryLink(draft, file) {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead launcher's record away; puts it back when another launcher has written its own meanwhile. */
function putAside(file, aside) {
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readLock(aside);
  if (moved !== undefined && isHeld(moved)) tryLink(aside, file);
  fs.rmSync(aside, { force: true });
}

function isHeld(holder) {
  if (holder.pid === process.pid || !isAlive(holder.pid)) return false;
  const mark = processMark(holder.pid);
  return mark === undefined || holder.mark === undefined || mark === holder.mark;
}

function releaseLock(file) {
  if (readLock(file)?.pid === process.pid) fs.rmSync(file, { force: true });
}

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
