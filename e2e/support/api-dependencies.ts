import type { Database } from "@/db/client";
import type { CredentialChecks } from "@/lib/api/credential";
import type { ApiLimits } from "@/lib/api/limits";
import type { ApiDependencies } from "@/lib/api/mount-call";
import { DomainError } from "@/lib/errors";
import { requireDocumented } from "./require-documented";

const nobody: CredentialChecks = {
  accessToken: () => Promise.reject(new DomainError("unauthenticated")),
  apiKey: () => Promise.reject(new DomainError("unauthenticated")),
};

const unlimited: ApiLimits = {
  take: async () => {},
  takeNetwork: async () => {},
  lookAtNetwork: async () => {},
};

/**
 * Dependencies of the JSON API without rate limits. No credential is valid unless the test brings its own checks. A
 * response that the OpenAPI document doesn't describe fails the test.
 */
export function testDependencies(
  database: () => Database,
  checks: CredentialChecks = nobody,
): ApiDependencies & { allowedOrigins: ReadonlySet<string> } {
  return {
    database,
    checks,
    limits: unlimited,
    allowedOrigins: new Set(["https://app.example"]),
    baseUrl: "http://localhost:3000",
    inspect: requireDocumented,
  };
}
