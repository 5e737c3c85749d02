import { CONFIG_VARIABLES } from "@/lib/config-variables";
import { endsOnThisMachine } from "@/lib/loopback";
import { CHANNEL_MANIFESTS } from "@/lib/messaging/manifests";
import type { Source } from "@/lib/parse-settings";
import {
  isRealProviderConfigured,
  PROVIDER_CREDENTIALS,
  PROVIDER_MANIFESTS,
} from "@/lib/providers/manifests";
import { secretsIn } from "@/lib/secret-list";
import { secretWeakness } from "./secret-strength";
import type { ServerSettings } from "./server-settings";

/** What every key of the sandbox begins with: production recognizes them. */
export const SANDBOX_PREFIX = "sandbox_";

const SECRETS = ["AUTH_SECRET", "PIN_SECRET", "JWT_SECRET_KEY"];

/** What is never on this machine in production; a mail server may be. */
const REMOTE_URLS = [
  ...PROVIDER_MANIFESTS.map(({ apiUrlVariable }) => apiUrlVariable),
  ...CHANNEL_MANIFESTS.flatMap(({ kind, urlVariable }) =>
    kind === "email" || urlVariable === null ? [] : [urlVariable],
  ),
  "GOOGLE_ISSUER",
  "DRAND_URLS",
];

/** Why production must not start with these settings, a sentence each; empty when it may. */
export function productionProblems(settings: ServerSettings, source: Source): string[] {
  const problems: string[] = [];
  if (!isRealProviderConfigured(source)) {
    const names = PROVIDER_MANIFESTS.map(({ credentials }) => credentials[0]).join(" or ");
    problems.push(`${names} is missing: production needs a real provider.`);
  }
  problems.push(...secretProblems(source));
  if (!source.BASE_URL) problems.push("BASE_URL is missing: say the https address that people open.");
  else if (!settings.baseUrl.startsWith("https:")) problems.push("BASE_URL must begin with https.");
  for (const name of REMOTE_URLS) {
    if ((source[name] ?? "").split(",").some((url) => endsOnThisMachine(url.trim())))
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

/** Each secret random, and no two of the deployment's secrets the same. */
function secretProblems(source: Source): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string>(
    PROVIDER_CREDENTIALS.flatMap((name): [string, string][] => (source[name] ? [[source[name], name]] : [])),
  );
  for (const name of SECRETS) {
    for (const secret of secretsOf(name, source[name] ?? "")) {
      const weakness = secretWeakness(secret);
      const other = owners.get(secret);
      owners.set(secret, name);
      if (weakness !== null) problems.push(`${name} ${weakness}`);
      else if (other === name) problems.push(`${name} names one secret twice.`);
      else if (other !== undefined) problems.push(`${name} must differ from ${other}.`);
      else continue;
      break;
    }
  }
  return problems;
}

/** Only PIN_SECRET may be a list. */
function secretsOf(name: string, value: string): readonly string[] {
  return name === "PIN_SECRET" ? secretsIn(value) : [value];
}

/** Why no password can be made for the application's database role. */
export function databaseProblems({ databaseUrl, applicationPassword }: ServerSettings): string[] {
  if (databaseUrl === undefined || applicationPassword !== undefined) return [];
  if (new URL(databaseUrl).password !== "") return [];
  return [
    "DATABASE_URL has no password, and the application's is made of it: set DATABASE_APP_PASSWORD to at least 32 random characters.",
  ];
}
