import { and, eq, gt, lt, notExists, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { noticeChoices, notices, users, vaults, wallets } from "@/db/schema";

/** Whose wallet it is: the whole name, as the person wrote it. */
export async function findHolder(
  reader: Reader,
  walletId: bigint,
): Promise<{ holder: string; walletNumber: string } | null> {
  const [row] = await reader
    .select({ firstName: users.firstName, lastName: users.lastName, walletNumber: wallets.number })
    .from(wallets)
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(eq(wallets.id, walletId));
  return row ? { holder: `${row.firstName} ${row.lastName}`.trim(), walletNumber: row.walletNumber } : null;
}

export async function findVaultName(
  reader: Reader,
  walletId: bigint,
  vaultId: bigint,
): Promise<string | null> {
  const [row] = await reader
    .select({ name: vaults.name })
    .from(vaults)
    .where(and(eq(vaults.id, vaultId), eq(vaults.walletId, walletId)));
  return row?.name ?? null;
}

export interface MonthEndReader {
  userId: bigint;
}

/** People who want to be told of each month's statement and have no notice with this key yet, by id. */
export async function selectMonthEndReaders(
  reader: Reader,
  { key, chosenBefore, after, limit }: { key: string; chosenBefore: Date; after: bigint; limit: number },
): Promise<MonthEndReader[]> {
  return await reader
    .selectDistinct({ userId: noticeChoices.userId })
    .from(noticeChoices)
    .where(
      and(
        eq(noticeChoices.group, "monthly_statements"),
        noticeChoices.isOn,
        lt(noticeChoices.changedAt, chosenBefore),
        gt(noticeChoices.userId, after),
        notExists(
          reader
            .select({ one: sql`1` })
            .from(notices)
            .where(and(eq(notices.userId, noticeChoices.userId), eq(notices.key, key))),
        ),
      ),
    )
    .orderBy(noticeChoices.userId)
    .limit(limit);
}
