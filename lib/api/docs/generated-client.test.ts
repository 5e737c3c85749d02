import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { generateSource } from "oazapfts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_CALLS } from "../route-table";
import { openApiDocument } from "./document";

const run = promisify(execFile);
const ROOT = process.cwd();
const TSC = path.join(ROOT, "node_modules/typescript/bin/tsc");
let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "cauris-client-"));
  await fs.symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  const document = path.join(folder, "openapi.json");
  await fs.writeFile(document, JSON.stringify(openApiDocument(API_CALLS, "https://cauris.example")));
  await fs.writeFile(path.join(folder, "client.ts"), await generateSource(document));
  const compilerOptions = {
    ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2023", "dom"] },
    ...{ strict: true, noEmit: true, types: [] },
  };
  await fs.writeFile(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["use.ts"] }),
  );
});
afterAll(() => fs.rm(folder, { recursive: true }));

/** What the compiler says of a program that uses the client. */
async function compile(program: string): Promise<string> {
  await fs.writeFile(path.join(folder, "use.ts"), `import * as api from "./client";\n${program}\n`);
  const result = await run(process.execPath, [TSC, "-p", folder]).catch((error: unknown) => error);
  return String((result as { stdout?: string }).stdout);
}

test("a client generated from the document compiles, and its answers are typed", async () => {
  const program = `
    export async function pay(walletNumber: string): Promise<string> {
      const body = { wallet_number: walletNumber, amount: 500, currency: "XOF" } as const;
      const answer = await api.postWalletTransfer(body, { idempotencyKey: "k" });
      if (answer.status === 200) return answer.data.reference;
      return answer.status === 404 ? answer.data.code : "";
    }
    export async function references(): Promise<string[]> {
      const answer = await api.getWalletTransactions({ limit: 5, $type: "transfer", currency: "XOF" });
      return answer.status === 200 ? answer.data.transactions.map(({ reference }) => reference) : [];
    }`;
  expect(await compile(program)).toBe("");
}, 15_000);

test("it refuses an amount that is text", async () => {
  const wrong = `export const sent = api.postWalletTransfer({ wallet_number: "1", amount: "5" });`;
  expect(await compile(wrong)).toContain("Type 'string' is not assignable to type 'number'");
}, 15_000);
