// The killer, a process of its own: from within the clients' event loop a kill would fall between their requests.
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { reportReady } from "@/lib/server/stop-request";

const orderSchema = z.object({
  afterMs: z.number(),
  victims: z.array(
    z.object({
      pid: z.int(),
      /** `group`: an app or worker. The others are of a postmaster: with all its children, alone, or one of its children. */
      how: z.enum(["group", "database", "postmaster", "backend"]),
      /** Which backend, counted among those that are at work. */
      which: z.int(),
    }),
  ),
});

/** What to kill, and when. */
export type KillOrder = z.infer<typeof orderSchema>;
export type Victim = KillOrder["victims"][number];

process.on("message", (message) => void obey(orderSchema.parse(message)));
process.once("disconnect", () => process.exit(0));
reportReady();

async function obey({ afterMs, victims }: KillOrder): Promise<void> {
  await wait(afterMs);
  process.send?.({ killed: victims.map((victim) => kill(victim)) });
}

/** False when nobody was there to be killed. */
function kill({ pid, how, which }: Victim): boolean {
  // Zero is whoever calls, and all of its group.
  if (pid <= 1) return false;
  switch (how) {
    case "group":
      return send(-pid, "SIGKILL");
    case "postmaster":
      return send(pid, "SIGKILL");
    case "database": {
      // Stopped first, or it would begin to recover when its children are gone.
      if (!send(pid, "SIGSTOP")) return false;
      for (const child of childrenOf(pid)) send(child, "SIGKILL");
      return send(pid, "SIGKILL");
    }
    case "backend": {
      const backends = childrenOf(pid).filter(isBackend);
      const chosen = backends[which % backends.length];
      return chosen !== undefined && send(chosen, "SIGKILL");
    }
  }
}

function send(pid: number, signal: "SIGKILL" | "SIGSTOP"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function childrenOf(postmaster: number): number[] {
  try {
    const children = fs.readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8");
    return children.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** True for one that serves the application's role: its title says so, `postgres: cauris_app postgres 127.0.0.1(…) COMMIT`. */
function isBackend(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("cauris_app");
  } catch {
    return false;
  }
}
