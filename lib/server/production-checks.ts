import { CONFIG_VARIABLES } from "@/lib/config-variables";
import type { Source } from "@/lib/parse-settings";
import { isRealProviderConfigured, PROVIDER_MANIFESTS } from "@/lib/providers/manifests";
import type { ServerSettings } from "./server-settings";

/** What every key of the sandbox begins with: production recognizes them. */
export const SANDBOX_PREFIX = "sandbox_";

const SECRET_LENGTH_MIN = 32;

/** True for addresses that only this machine reaches. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    /^127\./.test(hostname) ||
    hostname === "0.0.0.0" ||
    hostname === "[::]" ||
    hostname === "[::1]" ||
    /^\[::ffff:7f/.test(hostname)
  );
}

/** Why production must not start with these settings, a sentence each; empty when it may. */
export function productionProblems(settings: ServerSettings, source: Source): string[] {
  const problems: string[] = [];
  if (!isRealProviderConfigured(source)) {
    const names = PROVIDER_MANIFESTS.map(({ credentials }) => credentials[0]).join(" or ");
    problems.push(`${names} is missing: production needs a real provider.`);
  }
  for (const name of ["AUTH_SECRET", "PIN_SECRET", "JWT_SECRET_KEY"]) {
    if ((source[name] ?? "").length >= SECRET_LENGTH_MIN) continue;
    problems.push(`${name} must be set to at least ${SECRET_LENGTH_MIN} random characters.`);
  }
  if (!source.BASE_URL) problems.push("BASE_URL is missing: say the https address that people open.");
  else if (!settings.baseUrl.startsWith("https:") && !isLoopback(settings.baseUrl)) {
    problems.push("BASE_URL must begin with https.");
  }
  for (const name of [...PROVIDER_MANIFESTS.map(({ apiUrlVariable }) => apiUrlVariable), "GOOGLE_ISSUER"]) {
    if (isLoopback(source[name] ?? ""))
      problems.push(`${name} points to this machine: only the sandbox is there.`);
  }
  for (const { testKey } of PROVIDER_MANIFESTS) {
    if (testKey === null || !source[testKey.variable]?.startsWith(testKey.prefix)) continue;
    problems.push(
      `${testKey.variable} is a test key: production books no test money and needs the live one.`,
    );
  }
  for (const name of CONFIG_VARIABLES) {
    if (!source[name]?.startsWith(SANDBOX_PREFIX)) continue;
    problems.push(`${name} is a sandbox key: production needs the real one.`);
  }
  return problems;
}
