import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import {
  processCredentials,
  stopCredentials,
} from "@/lib/services/api-access/credentials/process-credentials";
import { checkApiKey } from "@/lib/services/api-access/keys/check-api-key";
import { checkApiSession } from "@/lib/services/api-access/sessions/check-api-session";
import type { Actor } from "@/lib/services/context";
import { verifyAccessToken } from "./access-token";
import { VerifiedTokens } from "./verified-tokens";

type Person = Extract<Actor, { kind: "user" }>;
type Key = Extract<Actor, { kind: "api_key" }>;

/**
 * Who holds a valid access token or API key, without a read for one that was checked a moment ago. Both throw
 * `unauthenticated` for any other, whatever is wrong with it.
 */
export function credentialChecks(database: () => Database) {
  const verifiedTokens = new VerifiedTokens(verifyAccessToken);
  return {
    async accessToken(token: string): Promise<Person> {
      const holder = await verifiedTokens.find(token);
      if (holder === null || !(await checkApiSession(database(), holder))) {
        throw new DomainError("unauthenticated");
      }
      return { kind: "user", ...holder };
    },
    async apiKey(apiKey: string) {
      const holder = await checkApiKey(database(), apiKey);
      if (holder === null) throw new DomainError("unauthenticated", { credential: "api_key" });
      const actor: Key = { kind: "api_key", userId: holder.userId, keyId: holder.keyId };
      return { actor, permissions: holder.permissions };
    },
  };
}

/** For the process's end, before its pool closes: writes when keys were last used and stops listening. */
export async function stopCredentialChecks(database: () => Database): Promise<void> {
  await stopCredentials(processCredentials(database()));
}
