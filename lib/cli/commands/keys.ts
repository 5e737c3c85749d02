import { listAllApiKeys, type OwnedApiKeyView } from "@/lib/services/api-access/keys/list-all-api-keys";
import { revokeAnyApiKey } from "@/lib/services/api-access/keys/revoke-any-api-key";
import type { Deployment } from "./deployment";
import { formatTable, plainMinute } from "./format";

const HEAD = ["id", "prefix", "state", "permissions", "expires", "last used", "owner", "name"];

/** Everybody's keys, or one person's; never a key itself. */
export async function reportKeys(
  { context, print }: Deployment,
  { identifier }: { identifier: string | null },
): Promise<number> {
  const keys = await listAllApiKeys(context, { identifier });
  if (keys.length === 0) {
    print("There are no API keys.");
    return 0;
  }
  for (const line of formatTable(HEAD, keys.map(rowOf))) print(line);
  return 0;
}

/** Ends a key. */
export async function reportRevocation(
  { context, print }: Deployment,
  { keyId }: { keyId: bigint },
): Promise<number> {
  const isNew = await revokeAnyApiKey(context, { keyId });
  print(isNew ? `Revoked: key ${keyId}` : `Key ${keyId} was revoked before.`);
  return 0;
}

function rowOf(key: OwnedApiKeyView): string[] {
  return [
    key.id.toString(),
    key.prefix,
    stateOf(key),
    key.permissions.join(","),
    plainMinute(key.expiresAt),
    key.lastUsedAt === null ? "never" : plainMinute(key.lastUsedAt),
    key.email ?? key.phone ?? "",
    key.name,
  ];
}

function stateOf({ isRevoked, isExpired }: OwnedApiKeyView): string {
  if (isRevoked) return "revoked";
  return isExpired ? "expired" : "active";
}
