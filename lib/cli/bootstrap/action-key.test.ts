import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { actionKey } from "./action-key.mjs";

const NAME = "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY";

function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-test-"));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe("the key that makes forms of one build work with another", () => {
  test("is made once and kept where only the owner reads it", () => {
    const directory = path.join(temporaryDirectory(), "data");
    const key = actionKey({}, directory);
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    expect(actionKey({}, directory)).toBe(key);
    expect(fs.statSync(path.join(directory, "action-key")).mode & 0o777).toBe(0o600);
    expect(actionKey({}, temporaryDirectory())).not.toBe(key);
  });

  test("is the same on all machines that share AUTH_SECRET, and tells nothing of it", () => {
    const env = { AUTH_SECRET: "a secret that the machines of a deployment share" };
    const key = actionKey(env, temporaryDirectory());
    expect(actionKey(env, temporaryDirectory())).toBe(key);
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    expect(actionKey({ AUTH_SECRET: `${env.AUTH_SECRET}!` }, temporaryDirectory())).not.toBe(key);
  });

  test("may be given, and a wrong one stops the start with its name", () => {
    const given = Buffer.alloc(32, 7).toString("base64");
    expect(actionKey({ [NAME]: given, AUTH_SECRET: "x" }, temporaryDirectory())).toBe(given);
    for (const wrong of ["short", "x".repeat(44), Buffer.alloc(31).toString("base64")]) {
      expect(() => actionKey({ [NAME]: wrong }, temporaryDirectory()), wrong).toThrow(NAME);
    }
  });
});
