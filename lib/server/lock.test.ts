import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const LOCK = fileURLToPath(new URL("../cli/bootstrap/lock.mjs", import.meta.url));

function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-lock-test-"));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A launcher that says whether it has the place and, when it has, keeps it until it is killed. */
function launcher(directory: string): {
  output: Promise<string>;
  end: (signal: NodeJS.Signals) => Promise<void>;
} {
  const script = `
    import { takeLock } from ${JSON.stringify(LOCK)};
    const lock = takeLock(process.argv[1], "http://here");
    console.log(lock.holder ? "held at " + lock.holder.url : "taken");
    if (!lock.holder) { process.on("SIGTERM", () => { lock.release(); process.exit(0); }); setInterval(() => {}, 1000); }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, directory]);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    output: new Promise((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk).trim()))),
    end: (signal) => {
      child.kill(signal);
      return gone;
    },
  };
}

test("a second launcher is told where the first is, and gets the lock when it ends", async () => {
  const directory = temporaryDirectory();
  const first = launcher(directory);
  expect(await first.output).toBe("taken");
  expect(await launcher(directory).output).toBe("held at http://here");
  await first.end("SIGTERM");
  expect(fs.readdirSync(directory)).toEqual([]);
});

test("a killed launcher's lock is free, also when another process has its id now", async () => {
  const directory = temporaryDirectory();
  const first = launcher(directory);
  await first.output;
  await first.end("SIGKILL");
  const second = launcher(directory);
  expect(await second.output).toBe("taken");
  await second.end("SIGTERM");
  const other = { pid: process.ppid, mark: "another boot/1", url: "http://gone" };
  fs.writeFileSync(path.join(directory, "launcher.json"), JSON.stringify(other));
  const third = launcher(directory);
  expect(await third.output).toBe("taken");
  await third.end("SIGTERM");
});

test("of many at once exactly one gets a dead launcher's place", async () => {
  const directory = temporaryDirectory();
  fs.writeFileSync(
    path.join(directory, "launcher.json"),
    JSON.stringify({ pid: 2 ** 30, mark: "", url: "" }),
  );
  const all = Array.from({ length: 8 }, () => launcher(directory));
  const outputs = await Promise.all(all.map((one) => one.output));
  expect(outputs.filter((word) => word === "taken")).toHaveLength(1);
  await Promise.all(all.map((one) => one.end("SIGKILL")));
});
