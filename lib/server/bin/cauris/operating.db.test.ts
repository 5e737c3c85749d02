import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useDatabase } from "@/db/testing/database";
import { createContext, createUser, fundWallet } from "@/db/testing/factories";
import { createScriptedProvider } from "@/db/testing/scripted-provider";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import type { Command } from "./parse-command";
import { runCommand } from "./run-command";

const { db } = await useDatabase();
const provider = createScriptedProvider(`scripted${randomUUID().slice(0, 8)}`);

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

let printed: string[] = [];
beforeEach(() => {
  printed = [];
});

function run(command: Exclude<Command, { name: "help" }>): Promise<number> {
  const context = createContext(db, { kind: "system" });
  return runCommand({ context, sandboxOrigin: null, print: (line) => void printed.push(line) }, command);
}

async function withdraw(): Promise<string> {
  const user = await createUser(db);
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const typed = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  return (await requestWithdrawal(user.context, { quoteId })).reference;
}

describe("payouts", () => {
  const switching = { provider: provider.name, note: "float too low", operator: "ada" };

  test("are stopped and resumed with who and why, and say what waits", async () => {
    expect(await run({ name: "payouts-stop", ...switching })).toBe(0);
    await run({ name: "payouts-stop", ...switching, note: null });
    expect(printed).toEqual([
      `Stopped: payouts to ${provider.name}.`,
      "Nothing is being handed over. Withdrawals wait with their money reserved.",
      `Payouts to ${provider.name} were stopped before.`,
      "Nothing is being handed over. Withdrawals wait with their money reserved.",
    ]);
    await withdraw();
    printed = [];
    expect(await run({ name: "payouts-status" })).toBe(0);
    expect(printed).toContain("all providers: running");
    expect(printed).toContainEqual(
      expect.stringMatching(`^${provider.name}: stopped, since .*Z by ada: float too low$`),
    );
    expect(printed).toContain(`Waiting for ${provider.name}: 1 withdrawal, 2000 XOF`);
    expect(printed).toContainEqual(expect.stringMatching(`stop +${provider.name} +ada +float too low$`));

    await run({ name: "payouts-stop", ...switching, provider: null });
    printed = [];
    await run({ name: "payouts-resume", ...switching, operator: null });
    expect(printed[0]).toBe(`Resumed: payouts to ${provider.name}.`);
    expect(printed[1]).toMatch(/^Still stopped: all providers, since .* by ada: float too low$/);
    await run({ name: "payouts-resume", ...switching, provider: null, note: null });
    await run({ name: "payouts-resume", ...switching });
    expect(printed.slice(2)).toEqual([
      "Resumed: payouts to all providers.",
      `Payouts to ${provider.name} were not stopped.`,
    ]);
  });

  test("know no provider that isn't configured", async () => {
    await expect(run({ name: "payouts-stop", ...switching, provider: "nobody" })).rejects.toThrow(
      "There is no provider with this name.",
    );
  });
});
