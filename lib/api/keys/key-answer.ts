import { z } from "zod";
import { API_PERMISSIONS } from "@/lib/services/api-access/keys/schema";
import type { ApiKeyView, NewApiKey } from "@/lib/services/api-access/keys/view";

/** What a call that makes a key with `transfer` or `withdraw` may refuse with. */
export const PIN_ERRORS = [
  "pin_not_set",
  "pin_reset_required",
  "pin_required",
  "pin_wrong",
  "pin_locked",
] as const;

const permissions = z.array(z.enum(API_PERMISSIONS)).meta({ example: ["deposit", "transfer", "read"] });
const instant = z.string().meta({ example: "2025-01-10T12:00:00Z" });

export const newKeyAnswer = z.object({
  api_key: z.string().describe("Shown this once: store it safely.").meta({ example: "sk_live_abc123xyz…" }),
  expires_at: instant,
  name: z.string().meta({ example: "test-key" }),
  permissions,
});

export const keyAnswer = z.object({
  id: z.int().meta({ example: 1 }),
  name: z.string().meta({ example: "test-key" }),
  prefix: z.string().describe("The first 12 characters.").meta({ example: "sk_live_abc1" }),
  permissions,
  expires_at: instant,
  is_revoked: z.boolean(),
  is_expired: z.boolean(),
  is_active: z.boolean().meta({ example: true }),
  created_at: instant,
  last_used_at: instant.nullable(),
});

/** To the second and in UTC, as the contract writes times. */
function isoSeconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, "Z");
}

export function presentNewKey({ apiKey, key }: NewApiKey): z.output<typeof newKeyAnswer> {
  return {
    api_key: apiKey,
    expires_at: isoSeconds(key.expiresAt),
    name: key.name,
    permissions: key.permissions,
  };
}

export function presentKey(key: ApiKeyView): z.output<typeof keyAnswer> {
  return {
    id: Number(key.id),
    name: key.name,
    prefix: key.prefix,
    permissions: key.permissions,
    expires_at: isoSeconds(key.expiresAt),
    is_revoked: key.isRevoked,
    is_expired: key.isExpired,
    is_active: key.isActive,
    created_at: isoSeconds(key.createdAt),
    last_used_at: key.lastUsedAt === null ? null : isoSeconds(key.lastUsedAt),
  };
}
