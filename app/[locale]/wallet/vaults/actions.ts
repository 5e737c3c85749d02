"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { createVault } from "@/lib/services/vaults/create-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { reviewLock } from "@/lib/services/vaults/review-lock";
import {
  closeVaultSchema,
  createVaultSchema,
  lockVaultSchema,
  updateVaultSchema,
  vaultMoneySchema,
} from "@/lib/services/vaults/schema";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { updateVault } from "@/lib/services/vaults/update-vault";
import type { VaultDone } from "./vault-done";

const VAULTS = "/wallet/vaults";

async function redirectWithNotice(path: string, done: VaultDone): Promise<never> {
  redirect(`${localizedPath(await getLocale(), path)}?done=${done}`);
}

/** The page that reviews a lock. */
async function redirectToLockReview(vaultId: string, lockedUntil: string, isNew: boolean): Promise<never> {
  const query = new URLSearchParams({ until: lockedUntil, ...(isNew && { done: "created" }) });
  redirect(`${localizedPath(await getLocale(), `${VAULTS}/${vaultId}/lock`)}?${query}`);
}

/**
 * Fields: name, currency, goal, lockedUntil, key. Redirects to the vault, or to the review of its lock where it has a date;
 * the same key redirects to the same vault.
 */
export const openVault = defineAction(
  { name: "open-vault", auth: "user", schema: createVaultSchema },
  async (context, input) => {
    const { vaultId, replayed } = await createVault(context, input, { locksLater: true });
    const lockedUntil = input.lockedUntil.trim();
    if (lockedUntil !== "") return await redirectToLockReview(vaultId.toString(), lockedUntil, !replayed);
    return await redirectWithNotice(`${VAULTS}/${vaultId}`, replayed ? "again" : "created");
  },
);

/** Fields: vaultId, amount, key. Redirects to the vault with a notice; for a repeated key the notice says so. */
export const putMoney = defineAction(
  { name: "put-into-vault", auth: "user", schema: vaultMoneySchema },
  async (context, input) => {
    const { replayed } = await putIntoVault(context, input);
    return await redirectWithNotice(`${VAULTS}/${input.vaultId}`, replayed ? "again" : "put");
  },
);

/** As {@link putMoney}, out of the vault. */
export const takeMoney = defineAction(
  { name: "take-from-vault", auth: "user", schema: vaultMoneySchema },
  async (context, input) => {
    const { replayed } = await takeFromVault(context, input);
    return await redirectWithNotice(`${VAULTS}/${input.vaultId}`, replayed ? "again" : "take");
  },
);

/** Fields: vaultId, name, goal (empty for none). Redirects to the vault. */
export const saveVault = defineAction(
  { name: "save-vault", auth: "user", schema: updateVaultSchema },
  async (context, input) => {
    await updateVault(context, input);
    return await redirectWithNotice(`${VAULTS}/${input.vaultId}`, "saved");
  },
);

/** Fields: vaultId, lockedUntil. Changes nothing: redirects to the page that reviews the lock. */
export const reviewVaultLock = defineAction(
  { name: "review-vault-lock", auth: "user", schema: lockVaultSchema },
  async (context, input) => {
    await reviewLock(context, input);
    return await redirectToLockReview(input.vaultId, input.lockedUntil.trim(), false);
  },
);

/** Fields: vaultId, lockedUntil, as reviewed. Redirects to the vault. */
export const lockVaultUntil = defineAction(
  { name: "lock-vault", auth: "user", schema: lockVaultSchema },
  async (context, input) => {
    await lockVault(context, input);
    return await redirectWithNotice(`${VAULTS}/${input.vaultId}`, "locked");
  },
);

/** Field: vaultId. Redirects to the list. */
export const deleteVault = defineAction(
  { name: "close-vault", auth: "user", schema: closeVaultSchema },
  async (context, input) => {
    await closeVault(context, input);
    return await redirectWithNotice(VAULTS, "closed");
  },
);
