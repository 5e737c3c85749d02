import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
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
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { closeVault } from "./close-vault";
import { createVault } from "./create-vault";
import { getVault } from "./get-vault";
import { lockVault } from "./lock-vault";
import { reviewLock } from "./review-lock";

const { db, owner } = await useDatabase({ alone: true });

const issue = (field: string, reason: string) => ({
  details: { issues: [expect.objectContaining({ field, reason })] },
});

/** The date of a lock comes without anybody waiting for it. */
async function makeDatePass(vaultId: string): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`alter table vaults disable trigger vaults_keep`;
    await sql`update vaults set locked_until = now() - interval '1 millisecond' where id = ${vaultId}`;
    await sql`alter table vaults enable trigger vaults_keep`;
  });
}

describe("a locked vault", () => {
  it("accepts deposits, gives none out before its date, which the error names, and gives it out after", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user, { lockedUntil: dayAhead(2) });
    await put(user.context, vaultId, 3_000n);
    await expect(take(user.context, vaultId, 1n)).rejects.toMatchObject({
      code: "vault_locked",
      details: { until: new Date(`${dayAhead(2)}T00:00:00Z`) },
    });
    // Whoever asks, whatever their clock says: the database's decides.
    const later = { ...user.context, now: new Date(Date.now() + 5 * 24 * 60 * 60 * 1000) };
    await expect(take(later, vaultId, 1n)).rejects.toMatchObject({ code: "vault_locked" });
    expect(await savingsOf(user)).toEqual([7_000n, 3_000n]);
    await makeDatePass(vaultId);
    await take(user.context, vaultId, 3_000n);
    expect(await savingsOf(user)).toEqual([10_000n, 0n]);
  });

  it("refuses 30 concurrent withdrawals", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user, { lockedUntil: dayAhead(1) });
    await put(user.context, vaultId, 3_000n);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => take(user.context, vaultId, 100n)),
    );
    expect(countFulfilled(results)).toBe(0);
    expect(codesOf(results)).toEqual(["vault_locked"]);
    expect(await savingsOf(user)).toEqual([7_000n, 3_000n]);
  });

  it("is locked until a later date, never an earlier one; the database refuses that by itself", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    await lockVault(user.context, { vaultId, lockedUntil: dayAhead(10) });
    await lockVault(user.context, { vaultId, lockedUntil: dayAhead(10) });
    await lockVault(user.context, { vaultId, lockedUntil: dayAhead(20) });
    const closer = lockVault(user.context, { vaultId, lockedUntil: dayAhead(19) });
    await expect(closer).rejects.toMatchObject(issue("lockedUntil", "date_closer"));
    for (const [date, reason] of [
      ["", "date_invalid"],
      [dayAhead(0), "date_past"],
      ["9999-12-31", "date_too_far"],
    ]) {
      await expect(lockVault(user.context, { vaultId, lockedUntil: date ?? "" })).rejects.toMatchObject(
        issue("lockedUntil", reason ?? ""),
      );
    }
    expect((await getVault(user.context, { vaultId })).lockedUntil).toEqual(
      new Date(`${dayAhead(20)}T00:00:00Z`),
    );
    await expect(
      owner`update vaults set locked_until = locked_until - interval '1 second' where id = ${vaultId}`,
    ).rejects.toThrow(/keeps its wallet/);
    await expect(owner`update vaults set locked_until = null where id = ${vaultId}`).rejects.toThrow(
      /keeps its wallet/,
    );
    await expect(owner`
      insert into operations (reference, type, wallet_id, vault_id, currency, amount_minor, state)
      values (${newKey()}, 'vault_withdrawal', ${user.walletId.toString()}, ${vaultId}, 'XOF', 1, 'succeeded')`).rejects.toThrow(
      /the vault is locked/,
    );
  });

  it("a withdrawal that waits for a lock being set is refused", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 1_000n);
    let waiting: Promise<unknown> = Promise.resolve();
    await owner.begin(async (sql) => {
      await sql`update vaults set locked_until = now() + interval '1 day' where id = ${vaultId}`;
      waiting = take(user.context, vaultId, 1_000n).then(
        () => "taken",
        (error) => error.code,
      );
      const stuck = async () =>
        (await owner`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%vaults%'`)
          .length;
      await expect.poll(stuck).toBeGreaterThan(0);
    });
    expect(await waiting).toBe("vault_locked");
    expect(await savingsOf(user)).toEqual([9_000n, 1_000n]);
  });
});

describe("the review of a lock", () => {
  it("shows the vault, its balance and how long, changes nothing, and refuses what the lock would refuse", async () => {
    const user = await createSaver(db);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 3_000n);
    const review = await reviewLock(user.context, { vaultId, lockedUntil: dayAhead(10) });
    expect(review).toMatchObject({
      vault: { id: BigInt(vaultId), balance: { amountMinor: 3_000n }, isLocked: false },
      until: new Date(`${dayAhead(10)}T00:00:00Z`),
      days: 10,
    });
    expect(await getVault(user.context, { vaultId })).toMatchObject({ isLocked: false, lockedUntil: null });
    await lockVault(user.context, { vaultId, lockedUntil: dayAhead(10) });
    for (const [lockedUntil, reason] of [
      [dayAhead(9), "date_closer"],
      [dayAhead(0), "date_past"],
      ["", "date_invalid"],
    ] as const) {
      const refused = reviewLock(user.context, { vaultId, lockedUntil });
      await expect(refused).rejects.toMatchObject(issue("lockedUntil", reason));
    }
    const stranger = await createSaver(db);
    const stolen = reviewLock(stranger.context, { vaultId, lockedUntil: dayAhead(20) });
    await expect(stolen).rejects.toMatchObject({ code: "not_found" });
  });

  it("comes before the lock of a new vault too: a form's date is checked, and locks nothing", async () => {
    const user = await createSaver(db);
    const typed = typedVault({ lockedUntil: dayAhead(30) });
    const { vaultId } = await createVault(user.context, typed, { locksLater: true });
    expect(await getVault(user.context, { vaultId: vaultId.toString() })).toMatchObject({
      lockedUntil: null,
    });
    const wrong = createVault(user.context, typedVault({ lockedUntil: dayAhead(0) }), { locksLater: true });
    await expect(wrong).rejects.toMatchObject(issue("lockedUntil", "date_past"));
  });
});

describe("races", () => {
  it("30 puts at once of a balance that suffices for 10: exactly 10 are made", async () => {
    const user = await createSaver(db, 10n);
    const vaultId = await vaultOf(user);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => put(user.context, vaultId, 1n)),
    );
    expect(countFulfilled(results)).toBe(10);
    expect(codesOf(results)).toEqual(["insufficient_funds"]);
    expect(await savingsOf(user)).toEqual([0n, 10n]);
  });

  it("30 puts at once into three vaults: still exactly 10", async () => {
    const user = await createSaver(db, 10n);
    const vaultIds = [await vaultOf(user), await vaultOf(user), await vaultOf(user)];
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => put(user.context, vaultIds[index % 3] ?? "", 1n)),
    );
    expect(countFulfilled(results)).toBe(10);
    expect(await savingsOf(user)).toEqual([0n, 10n]);
  });

  it("30 takes at once of a vault that suffices for 10: exactly 10 are made", async () => {
    const user = await createSaver(db, 10n);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 10n);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => take(user.context, vaultId, 1n)),
    );
    expect(countFulfilled(results)).toBe(10);
    expect(codesOf(results)).toEqual(["insufficient_funds"]);
    expect(await savingsOf(user)).toEqual([10n, 0n]);
  });

  it("puts and takes at once conserve the sum, and the history adds up", async () => {
    const user = await createSaver(db, 100n);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 50n);
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0 ? put(user.context, vaultId, 3n) : take(user.context, vaultId, 7n),
      ),
    );
    expect(codesOf(results).filter((code) => code !== "insufficient_funds")).toEqual([]);
    const [available = 0n, inVault = 0n] = await savingsOf(user);
    expect(available + inVault).toBe(100n);
    const { postings } = await getVault(user.context, { vaultId, limit: 100 });
    expect(postings[0]?.balanceAfter.amountMinor).toBe(inVault);
    const signed = postings.map(({ direction, amount: { amountMinor } }) =>
      direction === "in" ? amountMinor : -amountMinor,
    );
    expect(signed.reduce((sum, amount) => sum + amount, 0n)).toBe(inVault);
    expect(postings).toHaveLength(countFulfilled(results) + 1);
  });

  it("takes and a lock at once: what was taken was taken before the lock", async () => {
    const user = await createSaver(db, 100n);
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 100n);
    const takes = Array.from({ length: 20 }, () => take(user.context, vaultId, 1n));
    const lock = lockVault(user.context, { vaultId, lockedUntil: dayAhead(1) });
    const results = await Promise.allSettled(takes);
    await lock;
    expect(codesOf(results).filter((code) => code !== "vault_locked")).toEqual([]);
    expect(await savingsOf(user)).toEqual([
      BigInt(countFulfilled(results)),
      BigInt(100 - countFulfilled(results)),
    ]);
    await expect(take(user.context, vaultId, 1n)).rejects.toMatchObject({ code: "vault_locked" });
  });

  it("a put and a close at once: never a closed vault with money in it", async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = await createSaver(db, 5n);
      const vaultId = await vaultOf(user);
      const [made, closed] = await Promise.allSettled([
        put(user.context, vaultId, 5n),
        closeVault(user.context, { vaultId }),
      ]);
      const vault = await getVault(user.context, { vaultId });
      expect(vault.isClosed).toBe(closed.status === "fulfilled");
      expect(made.status === "fulfilled").not.toBe(vault.isClosed);
      expect(vault.balance.amountMinor).toBe(vault.isClosed ? 0n : 5n);
      expect((await savingsOf(user)).reduce((sum, amount) => sum + amount, 0n)).toBe(5n);
    }
  });
});

describe("afterwards", () => {
  it("the audit finds no breach", async () => {
    const lines = await auditLedger(db);
    expect(lines.filter(({ breaches }) => breaches > 0n)).toEqual([]);
  });
});
