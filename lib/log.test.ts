import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const LOG = fileURLToPath(new URL("./log.ts", import.meta.url));
const SECRETS = ["password", "pin", "token", "secret", "authorization", "cookie", "phone", "email", "apiKey"];

/** What a process of its own writes that logs this. */
async function linesOf(logged: object): Promise<string> {
  const code = `import(${JSON.stringify(LOG)}).then(({ log }) => log.warn(${JSON.stringify(logged)}, "said"))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "-e", code], {
    env: { ...process.env, LOG_LEVEL: "info" },
  });
  return stdout;
}

it("secret fields are redacted, at the top level and one level below", async () => {
  const held = Object.fromEntries(SECRETS.map((name) => [name, `hidden-${name}`]));
  const written = await linesOf({ ...held, user: held, reference: "TXN-1" });
  expect(written).toContain("TXN-1");
  expect(written).not.toContain("hidden-");
  expect(written.match(/\[redacted\]/g)).toHaveLength(2 * SECRETS.length);
});
