import type { ApiPermission } from "./schema";
import type { KeyRow } from "./store";

/** A key as its owner sees it; never the key itself. */
export interface ApiKeyView {
  id: bigint;
  name: string;
  /** The first 12 characters. */
  prefix: string;
  permissions: ApiPermission[];
  expiresAt: Date;
  isRevoked: boolean;
  /** By the database's clock. */
  isExpired: boolean;
  isActive: boolean;
  /** True when an expired key got its one successor. */
  isReplaced: boolean;
  createdAt: Date;
  /** Exact to a few seconds; null when it never was used. */
  lastUsedAt: Date | null;
}

/** What is made once and never shown again, with its view. */
export interface NewApiKey {
  apiKey: string;
  key: ApiKeyView;
}

/** A key that was made, and shown, before. */
export interface KnownApiKey {
  apiKey: null;
  key: ApiKeyView;
}

export function keyView(row: KeyRow): ApiKeyView {
  return { ...row, isActive: !row.isRevoked && !row.isExpired };
}
