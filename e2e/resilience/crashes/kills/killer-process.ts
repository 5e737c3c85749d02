// Entry of the killer process. In the clients' process a kill could only happen between their requests.
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { reportReady } from "@/lib/server/stop-request";

const orderSchema = z.object({
  afterMs: z.number(),
  targets: z.array(
    z.object({
      pid: z.int(),
      /** `group` is the app or worker with its children; the others are of the database: all of it, the postmaster alone, or one backend. */
      how: z.enum(["group", "database", "postmaster", "backend"]),
      /** Position of the backend among those that serve the application. */
      which: z.int(),
    }),
  ),
});

export type KillOrder = z.infer<typeof orderSchema>;
export type KillTarget = KillOrder["targets"][number];

process.on("message", (message) => void handle(orderSchema.parse(message)));
process.once("disconnect", () => process.exit(0));
reportReady();

async function handle({ afterMs, targets }: KillOrder): Promise<void> {
  await wait(afterMs);
  process.send?.({ killed: targets.map((target) => kill(target)) });
}

/** False when the process didn't exist. */
function kill({ pid, how, which }: KillTarget): boolean {
  // 0 would signal our own process group.
  if (pid <= 1) return false;
  switch (how) {
    case "group":
      return send(-pid, "SIGKILL");
    case "postmaster":
      return send(pid, "SIGKILL");
    case "database": {
      // Stopped first, or it would start to recover when its children are gone.
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

/** True for a backend of the application's role, by its process title: `postgres: cauris_app postgres 127.0.0.1(…) COMMIT`. */
function isBackend(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("cauris_app");
  } catch {
    return false;
  }
}
