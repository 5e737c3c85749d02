// Plain JavaScript: the launcher needs this before anything is installed.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** True while a process with this id runs; a zombie doesn't. */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const state = linuxStat(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/** When a process began, as an opaque text: tells it from a later one with the same id. Undefined when unknown. */
export function processMark(pid) {
  const started = linuxStat(pid)?.[19];
  if (started !== undefined) return `${bootId()}/${started}`;
  return askPs(pid, "lstart=");
}

/** A process's program and arguments as one line, or undefined when this machine doesn't tell. */
export function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return askPs(pid, "command=");
  }
}

// proc(5): fields after the command's closing bracket, state first (field 3), start time is field 22.
function linuxStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function bootId() {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function askPs(pid, column) {
  try {
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    return execFileSync("ps", ["-p", String(pid), "-o", column], options).trim() || undefined;
  } catch {
    return undefined;
  }
}
