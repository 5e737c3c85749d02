import { newRefreshToken } from "@/lib/services/api-access/sessions/refresh-token";

/** Creates objects that requests name, and returns their ids. */
export interface ObjectIds {
  session(): Promise<string>;
  pendingDeposit(): Promise<string>;
  vault(): Promise<string>;
  emptyVault(): Promise<string>;
  transferQuote(): Promise<string>;
  withdrawalQuote(): Promise<string>;
  expiredKey(): Promise<string>;
  /** An active API key that a request may revoke. */
  liveKey(): Promise<string>;
  refreshToken(): Promise<string>;
}

/** Well-formed ids of objects that don't exist. */
export const NONEXISTENT: ObjectIds = {
  session: async () => "7b0c7a52-4e0e-4a57-9d35-0e8b2f1f6a11",
  pendingDeposit: async () => "TXN-NZBZDYSZWN22",
  vault: async () => "900000000001",
  emptyVault: async () => "900000000001",
  transferQuote: async () => "7b0c7a52-4e0e-4a57-9d35-0e8b2f1f6a11",
  withdrawalQuote: async () => "7b0c7a52-4e0e-4a57-9d35-0e8b2f1f6a11",
  expiredKey: async () => "900000000001",
  liveKey: async () => "900000000001",
  refreshToken: async () => newRefreshToken(),
};

/** Wraps `ids` so that each created id is also appended to `log`. */
export function recordIds(ids: ObjectIds, log: string[]): ObjectIds {
  const recorded = (create: () => Promise<string>) => async () => {
    const id = await create();
    log.push(id);
    return id;
  };
  return {
    session: recorded(() => ids.session()),
    pendingDeposit: recorded(() => ids.pendingDeposit()),
    vault: recorded(() => ids.vault()),
    emptyVault: recorded(() => ids.emptyVault()),
    transferQuote: recorded(() => ids.transferQuote()),
    withdrawalQuote: recorded(() => ids.withdrawalQuote()),
    expiredKey: recorded(() => ids.expiredKey()),
    liveKey: recorded(() => ids.liveKey()),
    refreshToken: recorded(() => ids.refreshToken()),
  };
}

/** The PIN of the people who own objects; set through the app's own form at the start. */
export const PIN = "2468";
