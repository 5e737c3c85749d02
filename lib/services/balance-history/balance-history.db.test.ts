import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { fillAccount } from "@/e2e/support/long-account";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { createSaver, put, take, vaultOf } from "@/e2e/support/vaults";
import { chart } from "@/lib/ledger/chart";
import { getVaultBalanceHistory } from "../vaults/get-vault-balance-history";
import { getBalanceHistory } from "../wallets/get-balance-history";
import { PERIODS } from "./periods";

const { db, owner } = await useDatabase();
const ZONE = "Africa/Abidjan";

/** What each posting of the account left, with its time: straight from the ledger's table. */
async function writtenBalances(address: string): Promise<{ at: Date; balance: bigint }[]> {
  const rows = await owner<{ at: string; balance: string }[]>`
    select p.recorded_at::text as at, case when p.to_account = a.id then p.to_balance else p.from_balance end as balance
    from ledger_accounts a join ledger_postings p on a.id in (p.from_account, p.to_account)
    where a.address = ${address} order by p.recorded_at`;
  return rows.map(({ at, balance }) => ({ at: new Date(at), balance: BigInt(balance) }));
}

describe("a balance history", () => {
  it("equals the ledger's balances at the end of each day, in every zone and period, around changes of clocks", async () => {
    const user = await createUser(db);
    const account = chart.available(user.walletId, "XOF");
    // Every five and a half hours over the two changes of Paris's clocks in 2026.
    const first = new Date("2026-02-01T00:10:00Z");
    await fillAccount(owner, account, { count: 1_400, first, stepSeconds: 5.5 * 3_600 });
    const written = await writtenBalances(account.address);
    expect(written).toHaveLength(1_400);
    const hours = fc.integer({ min: 0, max: 24 * 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PERIODS),
        fc.constantFrom("Africa/Abidjan", "Africa/Lagos", "Europe/Paris"),
        hours,
        async (period, zone, hour) => {
          const now = new Date(first.getTime() + hour * 3_600_000);
          const context = { ...user.context, now };
          const history = await getBalanceHistory(context, { currency: "XOF", period, zone });
          for (const { at, balance } of history.points.slice(0, -1)) {
            const before = written.findLast((each) => each.at < at);
            expect(balance.amountMinor).toBe(before?.balance ?? 0n);
          }
          // The last one is what there is, whatever this machine's clock says.
          expect(history.points.at(-1)?.balance.amountMinor).toBe(written.at(-1)?.balance);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of an empty wallet is zero throughout, in each currency", async () => {
    const { context } = await createUser(db);
    for (const currency of ["XOF", "NGN"] as const) {
      const { points } = await getBalanceHistory(context, { currency, period: "1y", zone: ZONE });
      const zero = { amountMinor: 0n, currency };
      expect(points.map(({ balance }) => balance)).toEqual(points.map(() => zero));
    }
  });

  it("of a vault ends with what is in it, and only its owner reads it", async () => {
    const saver = await createSaver(db);
    const vaultId = await vaultOf(saver);
    await put(saver.context, vaultId, 3_000n);
    await take(saver.context, vaultId, 500n);
    const read = async (of: TestUser["context"], id = vaultId) =>
      await getVaultBalanceHistory(of, { vaultId: id, period: "30d", zone: ZONE });
    const { points } = await read(saver.context);
    expect([points[0].balance.amountMinor, points.at(-1)?.balance.amountMinor]).toEqual([0n, 2_500n]);
    const stranger = await createUser(db);
    await expect(read(stranger.context)).rejects.toMatchObject({ code: "not_found" });
    await expect(read(saver.context, "x")).rejects.toMatchObject({ code: "not_found" });
    await expect(read(createContext(db))).rejects.toMatchObject({ code: "unauthenticated" });
    // As with everything about vaults, no API key reads it.
    const key = { kind: "api_key", userId: saver.userId, keyId: 1n } as const;
    await expect(read(createContext(db, key))).rejects.toMatchObject({ code: "unauthenticated" });
  });
});
