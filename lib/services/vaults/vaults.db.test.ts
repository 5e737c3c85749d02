import { beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, fundWallet, type TestUser } from "@/e2e/support/people";
import {
  codesOf,
  countFulfilled,
  createSaver,
  dayAhead,
  put,
  savingsOf,
  take,
  typedVault,
  vaultOf,
} from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import { getOperation } from "../operations/get-operation";
import { sendTransfer } from "../transfers/send-transfer";
import { getWallet } from "../wallets/get-wallet";
import { listShownBalances } from "../wallets/list-shown-balances";
import { closeVault } from "./close-vault";
import { createVault } from "./create-vault";
import { getVault } from "./get-vault";
import { listVaults } from "./list-vaults";
import { lockVault } from "./lock-vault";
import { OPEN_VAULTS_MAX } from "./policy";
import { updateVault } from "./update-vault";

const { db, owner } = await useDatabase();

const issue = (field: string, reason: string) => ({
  details: { issues: [expect.objectContaining({ field, reason })] },
});

describe("making a vault", () => {
  it("opens it empty, with its goal, its date and an account of its own", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user, {
      name: "  La  rentrée ",
      goal: "50 000",
      lockedUntil: dayAhead(30),
    });
    expect(await getVault(user.context, { vaultId })).toMatchObject({
      name: "La rentrée",
      balance: money(0n, "XOF"),
      goal: money(50_000n, "XOF"),
      progressPercent: 0,
      lockedUntil: new Date(`${dayAhead(30)}T00:00:00Z`),
      isLocked: true,
      isClosed: false,
      postings: [],
      nextCursor: null,
    });
    const [account] = await owner`
      select minimum_balance from ledger_accounts where address = ${`wallet/${user.walletId}/XOF/vault/${vaultId}`}`;
    expect(account?.minimum_balance).toBe("0");
  });

  it("with one key ten times at once makes one; the same key for another vault is refused", async () => {
    const user = await createSaver(db);
    const form = typedVault();
    const made = await Promise.all(Array.from({ length: 10 }, () => createVault(user.context, form)));
    expect(new Set(made.map(({ vaultId }) => vaultId)).size).toBe(1);
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await listVaults(user.context)).vaults).toHaveLength(1);
    await expect(createVault(user.context, { ...form, name: "Autre" })).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    await expect(put(user.context, String(made[0]?.vaultId), 1n, form.key)).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
  });

  it("reports all issues at once", async () => {
    const user = await createSaver(db);
    const refused = createVault(
      user.context,
      typedVault({ name: " ", goal: "5000,5", lockedUntil: "2020-01-01" }),
    );
    await expect(refused).rejects.toMatchObject({
      code: "validation_failed",
      details: {
        issues: [
          { field: "name", reason: "vault_name_required" },
          { field: "goal", reason: "no_decimals" },
          { field: "lockedUntil", reason: "date_past" },
        ],
      },
    });
    const more = [
      [{ name: "a".repeat(61) }, "name", "too_long"],
      [{ name: "nul\u0000" }, "name", "name_unreadable"],
      [{ name: "\u200b\u3164" }, "name", "vault_name_required"],
      [{ name: `a${"\u0301".repeat(9)}` }, "name", "name_unreadable"],
      [{ name: "moitié \ud83d" }, "name", "name_unreadable"],
      [{ goal: "0" }, "goal", "not_positive"],
      [{ lockedUntil: "31/12/2030" }, "lockedUntil", "date_invalid"],
      [{ lockedUntil: "2099-01-01" }, "lockedUntil", "date_too_far"],
    ] as const;
    for (const [values, field, reason] of more) {
      await expect(createVault(user.context, typedVault(values))).rejects.toMatchObject(issue(field, reason));
    }
    expect((await listVaults(user.context)).vaults).toEqual([]);
  });

  it(`30 at once leave ${OPEN_VAULTS_MAX}; closing one makes room for one`, async () => {
    const user = await createSaver(db, 0n);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => vaultOf(user, { name: `Coffre ${index}` })),
    );
    expect(countFulfilled(results)).toBe(OPEN_VAULTS_MAX);
    expect(codesOf(results)).toEqual(["validation_failed"]);
    const { vaults, isFull } = await listVaults(user.context);
    expect(vaults).toHaveLength(OPEN_VAULTS_MAX);
    expect(isFull).toBe(true);
    await closeVault(user.context, { vaultId: String(vaults[0]?.id) });
    await vaultOf(user);
    await expect(vaultOf(user)).rejects.toMatchObject(issue("name", "vaults_too_many"));
  });
});

describe("putting in and taking out", () => {
  it("moves money between what is available and the vault, and shows both apart", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user, { goal: "8 000" });
    const { operation } = await put(user.context, vaultId, "6 000");
    expect(operation).toMatchObject({ type: "vault_deposit", status: "succeeded", direction: "out" });
    expect(operation.vault).toEqual({ id: BigInt(vaultId), name: "Tabaski" });
    expect(await savingsOf(user)).toEqual([4_000n, 6_000n]);
    await take(user.context, vaultId, "1 500");
    expect(await savingsOf(user)).toEqual([5_500n, 4_500n]);
    expect(await getVault(user.context, { vaultId })).toMatchObject({
      balance: money(4_500n, "XOF"),
      progressPercent: 56,
      postings: [
        { direction: "out", amount: money(1_500n, "XOF"), balanceAfter: money(4_500n, "XOF") },
        { direction: "in", amount: money(6_000n, "XOF"), balanceAfter: money(6_000n, "XOF") },
      ],
    });
    const details = await getOperation(user.context, operation.reference);
    expect(details.steps.map(({ state }) => state)).toEqual(["succeeded"]);
    expect((await listVaults(user.context)).totals).toEqual([money(4_500n, "XOF")]);
  });

  it("of more than the balance is refused about its amount, and moves nothing", async () => {
    const user = await createSaver(db, 1_000n);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 400n);
    const many = put(user.context, vaultId, 601n);
    await expect(many).rejects.toMatchObject({
      code: "insufficient_funds",
      ...issue("amount", "insufficient_funds"),
    });
    await expect(take(user.context, vaultId, 401n)).rejects.toMatchObject({
      code: "insufficient_funds",
      details: {
        issues: [{ field: "amount", reason: "vault_too_little", values: { balance: money(400n, "XOF") } }],
      },
    });
    await expect(put(user.context, vaultId, "quatre")).rejects.toMatchObject(issue("amount", "not_a_number"));
    await expect(take(user.context, vaultId, "")).rejects.toMatchObject(issue("amount", "empty"));
    expect(await savingsOf(user)).toEqual([600n, 400n]);
    const rows = await owner`select from operations where vault_id = ${vaultId}`;
    expect(rows).toHaveLength(1);
  });

  it("with one key ten times at once is done once, and says which was a replay", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    const key = newKey();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => put(user.context, vaultId, 1_000n, key)),
    );
    expect(new Set(results.map(({ operation }) => operation.reference)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await savingsOf(user)).toEqual([9_000n, 1_000n]);
    await expect(put(user.context, vaultId, 1_001n, key)).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    await expect(take(user.context, vaultId, 1_000n, key)).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
  });

  it("pages through the history of a vault by cursor, each posting once", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    for (let amount = 1n; amount <= 5n; amount += 1n) await put(user.context, vaultId, amount);
    const seen: bigint[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await getVault(user.context, { vaultId, limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.postings.map(({ amount }) => amount.amountMinor));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([5n, 4n, 3n, 2n, 1n]);
  });

  it("keeps currencies apart: a vault in naira neither takes francs nor adds to them", async () => {
    const user = await createSaver(db);
    await fundWallet(db, user.walletId, money(50_000n, "NGN"));
    const vaultId = await vaultOf(user, { currency: "NGN", goal: "1,000.50" });
    await put(user.context, vaultId, "200.25");
    await vaultOf(user);
    const { balances: both } = await getWallet(user.context);
    expect(both.map(({ vaults }) => vaults)).toEqual([money(0n, "XOF"), money(20_025n, "NGN")]);
    expect(both[1]?.available).toEqual(money(29_975n, "NGN"));
    expect((await listVaults(user.context)).totals).toEqual([money(0n, "XOF"), money(20_025n, "NGN")]);
  });
});

describe("changing and closing", () => {
  it("gives it another name and goal, and takes the goal away", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user, { goal: "100" });
    await put(user.context, vaultId, 500n);
    expect((await getVault(user.context, { vaultId })).progressPercent).toBe(100);
    await updateVault(user.context, { vaultId, name: "École", goal: "2 000" });
    expect(await getVault(user.context, { vaultId })).toMatchObject({
      name: "École",
      goal: money(2_000n, "XOF"),
      progressPercent: 25,
    });
    await updateVault(user.context, { vaultId, name: "École", goal: "" });
    expect(await getVault(user.context, { vaultId })).toMatchObject({ goal: null, progressPercent: null });
    await expect(updateVault(user.context, { vaultId, name: "", goal: "" })).rejects.toMatchObject(
      issue("name", "vault_name_required"),
    );
  });

  it("only when it is empty; then it is gone from the list and refuses money, and its history stays", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 500n);
    await expect(closeVault(user.context, { vaultId })).rejects.toMatchObject({ code: "vault_not_empty" });
    await take(user.context, vaultId, 500n);
    await closeVault(user.context, { vaultId });
    await closeVault(user.context, { vaultId });
    expect((await listVaults(user.context)).vaults).toEqual([]);
    const changes = await Promise.allSettled([
      put(user.context, vaultId, 1n),
      take(user.context, vaultId, 1n),
      updateVault(user.context, { vaultId, name: "Encore", goal: "" }),
      lockVault(user.context, { vaultId, lockedUntil: dayAhead(1) }),
    ]);
    expect(countFulfilled(changes)).toBe(0);
    expect(codesOf(changes)).toEqual(["not_found"]);
    const closed = await getVault(user.context, { vaultId });
    expect(closed.isClosed).toBe(true);
    expect(closed.postings).toHaveLength(2);
  });
});

describe("whose vault it is", () => {
  const verbs = {
    get: (context: Context, vaultId: string) => getVault(context, { vaultId }),
    put: (context: Context, vaultId: string) => put(context, vaultId, 1n),
    take: (context: Context, vaultId: string) => take(context, vaultId, 1n),
    update: (context: Context, vaultId: string) => updateVault(context, { vaultId, name: "Mien", goal: "" }),
    lock: (context: Context, vaultId: string) => lockVault(context, { vaultId, lockedUntil: dayAhead(1) }),
    close: (context: Context, vaultId: string) => closeVault(context, { vaultId }),
  };
  let other: TestUser;
  let vaultId = "";

  beforeAll(async () => {
    const user = await createSaver(db);
    vaultId = await vaultOf(user);
    await put(user.context, vaultId, 100n);
    other = await createSaver(db);
  });

  it.each(Object.entries(verbs))(
    "%s: somebody else's, and one that doesn't exist, are not found",
    async (_, verb) => {
      for (const id of [vaultId, "999999999", "0", "-1", "abc", "9".repeat(30), ""]) {
        await expect(verb(other.context, id)).rejects.toMatchObject({ code: "not_found" });
      }
    },
  );

  it.each(Object.entries(verbs))("%s: nobody, a job and an API key are refused", async (_, verb) => {
    const { userId } = other;
    for (const actor of [
      { kind: "anonymous" },
      { kind: "system" },
      { kind: "api_key", userId, keyId: 1n },
    ] as const) {
      await expect(verb(createContext(db, actor), vaultId)).rejects.toMatchObject({
        code: "unauthenticated",
      });
    }
  });

  it("another user sees none of its vaults, in list or balance", async () => {
    expect(await listVaults(other.context)).toEqual({ vaults: [], totals: [], isFull: false });
    expect(await savingsOf(other)).toEqual([10_000n, 0n]);
  });
});

describe("the balances that are shown", () => {
  const shown = async ({ context }: TestUser) =>
    (await listShownBalances(context, await getWallet(context))).map(({ currency }) => currency);

  it("are francs alone until the first naira, and then both, also when they are spent", async () => {
    const user = await createSaver(db, 0n);
    expect(await shown(user)).toEqual(["XOF"]);
    await fundWallet(db, user.walletId, money(100n, "NGN"));
    expect(await shown(user)).toEqual(["XOF", "NGN"]);
    const { walletNumber } = await createSaver(db, 0n);
    await sendTransfer(user.context, { walletNumber, amount: money(100n, "NGN") });
    expect((await getWallet(user.context)).balances[1]?.available).toEqual(money(0n, "NGN"));
    expect(await shown(user)).toEqual(["XOF", "NGN"]);
  });
});
