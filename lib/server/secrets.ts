import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CHANNEL_CREDENTIALS } from "@/lib/messaging/manifests";
import { PROVIDER_CREDENTIALS } from "@/lib/providers/manifests";
import { StartError } from "@/lib/start-error";
import { SANDBOX_PREFIX } from "./production-checks";

const NAMES = [
  "AUTH_SECRET",
  "PIN_SECRET",
  "JWT_SECRET_KEY",
  "GOOGLE_CLIENT_ID",
  "GOOGLE_CLIENT_SECRET",
  ...PROVIDER_CREDENTIALS,
  ...CHANNEL_CREDENTIALS,
] as const;

const schema = z.record(z.enum(NAMES), z.string().min(32));

/** A demo's own secrets, by the variables that they stand for: random, and never good for production. */
export type DemoSecrets = z.infer<typeof schema>;

/**
 * Made once and kept in `secrets.json` (mode 0600); a file from before a secret existed gets it added, and keeps the
 * others. Throws StartError when the file isn't what we wrote.
 */
export function demoSecrets(dataDir: string): DemoSecrets {
  const file = path.join(dataDir, "secrets.json");
  if (!fs.existsSync(file)) return saveSecrets(file, newSecrets());
  const known = readSecrets(file);
  const whole = schema.safeParse(known);
  return whole.success ? whole.data : saveSecrets(file, { ...newSecrets(), ...known });
}

function readSecrets(file: string): Partial<DemoSecrets> {
  try {
    const known = z
      .partialRecord(z.enum(NAMES), z.string().min(32))
      .parse(JSON.parse(fs.readFileSync(file, "utf8")));
    // It was there from the first version on: without it the file isn't ours.
    if (known.AUTH_SECRET === undefined) throw new Error("not ours");
    return known;
  } catch {
    throw new StartError(`${file} can't be read: remove it, and the demo gets new secrets.`);
  }
}

function newSecrets(): DemoSecrets {
  return schema.parse(
    Object.fromEntries(NAMES.map((name) => [name, SANDBOX_PREFIX + randomBytes(32).toString("base64url")])),
  );
}

function saveSecrets(file: string, secrets: DemoSecrets): DemoSecrets {
  const draft = `${file}.new`;
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  fs.renameSync(draft, file);
  return secrets;
}
