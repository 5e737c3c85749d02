import fs from "node:fs";

/** Ids of the processes that a process started. */
export function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number);
}

/** SIGKILL to a postmaster and its backends, which would outlive it for a moment. */
export function killPostgres(postmaster: number | undefined): void {
  if (postmaster === undefined) return;
  // Stopped first, or it would start to recover when its children are gone.
  signal(postmaster, "SIGSTOP");
  for (const pid of [...childrenOf(postmaster), postmaster]) signal(pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
