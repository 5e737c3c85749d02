import { environment } from "@/lib/config";
import { type Sandbox, startSandbox } from "./server";
import { parseSandboxSettings } from "./settings";

/** `node --import tsx lib/sandbox/main.ts`: the sandbox as its own process, ended by SIGTERM or with its parent. */

function tellParent(message: { ready: true; port: number } | { ready: false; reason: string }): void {
  if (process.connected) process.send?.(message);
}

function stopWith(sandbox: Sandbox): void {
  const stop = () => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  if (process.send) {
    // Ctrl-C reaches the whole group; the parent decides when we go.
    process.on("SIGINT", () => undefined);
    process.once("disconnect", stop);
  } else {
    process.once("SIGINT", stop);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return "The sandbox can't start.";
  const isTaken = "code" in error && error.code === "EADDRINUSE";
  return isTaken ? "The sandbox's port is in use by another program." : error.message;
}

try {
  const sandbox = await startSandbox(parseSandboxSettings(environment()));
  stopWith(sandbox);
  tellParent({ ready: true, port: sandbox.port });
  if (!process.send) process.stdout.write(`The sandbox listens on ${sandbox.url}\n`);
} catch (error) {
  const reason = explain(error);
  process.stderr.write(`${reason}\n`);
  tellParent({ ready: false, reason });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
