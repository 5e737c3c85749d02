import { newRefreshToken } from "@/lib/services/api-access/sessions/refresh-token";

/** What requests name by its id. */
export interface Things {
  session(): Promise<string>;
  pendingDeposit(): Promise<string>;
  vault(): Promise<string>;
  emptyVault(): Promise<string>;
  transferQuote(): Promise<string>;
  withdrawalQuote(): Promise<string>;
  expiredKey(): Promise<string>;
  /** A key that works, which may be lost. */
  liveKey(): Promise<string>;
  refreshToken(): Promise<string>;
}

/** Ids that could be somebody's and are nobody's. */
export const NOBODYS: Things = {
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

/** That rules send; the pages are told of it first. */
export const PIN = "2468";
