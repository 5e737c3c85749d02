import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { StartError } from "@/lib/start-error";
import type { KillOrder } from "./killer-process";

const RUNNER = fileURLToPath(new URL("../../../../lib/cli/bootstrap/child.mjs", import.meta.url));
const ENTRY = fileURLToPath(new URL("./killer-process.ts", import.meta.url));

const report = z.object({ killed: z.array(z.boolean()) });

export interface Killer {
  /** Resolves after the kill. Says for each target whether it was alive. */
  kill(order: KillOrder): Promise<boolean[]>;
  stop(): Promise<void>;
}

/** Starts the killer process. Throws StartError when it doesn't start. */
export async function startKiller(): Promise<Killer> {
  const child = fork(RUNNER, [ENTRY], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await nextMessage(child);
  return {
    async kill(order) {
      const answer = nextMessage(child);
      child.send(order);
      return report.parse(await answer).killed;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown): void => {
      settle();
      resolve(message);
    };
    const onExit = (): void => {
      settle();
      reject(new StartError("The killer process ended."));
    };
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}
