import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { checkPin } from "../identity/pin/check-pin";
import { setPin } from "../identity/pin/set-pin";
import { closeVault } from "../vaults/close-vault";
import { createVault } from "../vaults/create-vault";
import { lockVault } from "../vaults/lock-vault";
import { updateVault } from "../vaults/update-vault";
import { LATE_AFTER_MS } from "../withdrawals/policy";
import { tellLateWithdrawals } from "../withdrawals/tell-late-withdrawals";
import { writeDueNotices } from "./write-due-notices";

const { db, owner } = await useDatabase({ alone: true });
const system = () => createContext(db, { kind: "system" });

async function toldTo(userId: bigint): Promise<readonly { kind: string; details: unknown }[]> {
  return await owner<{ kind: string; details: unknown }[]>`
    select kind, details from notices where user_id = ${userId.toString()} and operation_id is null order by id`;
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** As if `days` had passed, for one person. */
async function pass(userId: bigint, days: number): Promise<void> {
  await owner`update scheduled_notices set due_at = due_at - make_interval(days => ${days})
    where user_id = ${userId.toString()}`;
  await writeDueNotices(system());
}

async function newVault(
  { context }: Awaited<ReturnType<typeof createUser>>,
  lockedUntil = "",
): Promise<string> {
  const input = { name: "École", currency: "XOF", goal: "", lockedUntil, key: newKey() } as const;
  return (await createVault(context, input)).vaultId.toString();
}

describe("a vault's date", () => {
  it("is told once, under the name that the vault has by then", async () => {
    const user = await createUser(db);
    const vaultId = await newVault(user, inDays(30));
    await updateVault(user.context, { vaultId, name: "Fête", goal: "" });
    await pass(user.userId, 29);
    expect(await toldTo(user.userId)).toEqual([]);
    for (let time = 0; time < 2; time += 1) await pass(user.userId, 2);
    expect(await toldTo(user.userId)).toEqual([
      { kind: "vault_unlocked", details: { vaultId, name: "Fête" } },
    ]);
  });

  it("that is moved is told at the later one, and one of a closed vault never", async () => {
    const user = await createUser(db);
    const moved = await newVault(user, inDays(30));
    await lockVault(user.context, { vaultId: moved, lockedUntil: inDays(60) });
    const closed = await newVault(user, inDays(30));
    await closeVault(user.context, { vaultId: closed });
    await newVault(user);
    await pass(user.userId, 40);
    expect(await toldTo(user.userId)).toEqual([]);
    await pass(user.userId, 30);
    expect(await toldTo(user.userId)).toMatchObject([{ details: { vaultId: moved } }]);
  });

  it("is told once when several workers sweep at once", async () => {
    const user = await createUser(db);
    await newVault(user, inDays(30));
    await owner`update scheduled_notices set due_at = now() where user_id = ${user.userId.toString()}`;
    await Promise.all(Array.from({ length: 8 }, () => writeDueNotices(system())));
    expect(await toldTo(user.userId)).toHaveLength(1);
  });
});

describe("a withdrawal that takes long", () => {
  it("is told after an hour, once", async () => {
    const user = await createUser(db);
    await fundWallet(db, user.walletId, money(5_000n, "XOF"));
    const reference = `TXN-${newKey()}`;
    await owner`insert into operations (reference, type, state, wallet_id, currency, amount_minor, provider, method, phone)
      values (${reference}, 'withdrawal', 'created', ${user.walletId.toString()}, 'XOF', 2000, 'test', 'wave', '+22670000004')`;
    await tellLateWithdrawals(system());
    expect(await toldTo(user.userId)).toEqual([]);
    const later = { ...system(), now: new Date(Date.now() + LATE_AFTER_MS + 60_000) };
    for (let time = 0; time < 2; time += 1) await tellLateWithdrawals(later);
    const details = { reference, amountMinor: "2000", currency: "XOF" };
    expect(await toldTo(user.userId)).toEqual([{ kind: "withdrawal_stuck", details }]);
  });
});

describe("the PIN", () => {
  it("tells that it was set, changed and locked", async () => {
    const user = await createUser(db);
    await setPin(user.context, { pin: "830264" });
    await setPin(user.context, { pin: TEST_PIN, currentPin: "830264" });
    for (let tries = 0; tries < 7; tries += 1) await checkPin(user.context, "918273").catch(() => {});
    expect(await toldTo(user.userId)).toEqual([
      { kind: "pin_set", details: {} },
      { kind: "pin_changed", details: {} },
      { kind: "limits_reached", details: { limit: "pin_tries" } },
    ]);
  });
});

it("only the system writes what is due", async () => {
  const { context } = await createUser(db);
  await expect(writeDueNotices(context)).rejects.toMatchObject({ code: "unauthenticated" });
  await expect(tellLateWithdrawals(context)).rejects.toMatchObject({ code: "unauthenticated" });
});
