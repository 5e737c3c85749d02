import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { SANDBOX_PREFIX } from "./production-checks";
import { StartError } from "./start-error";

const secret = z.string().min(32);

const schema = z.object({
  authSecret: secret,
  jwtSecretKey: secret,
  getmipayApiKey: secret,
  getmipaySecretKey: secret,
  getmipayWebhookSecret: secret,
  paystackSecretKey: secret,
  googleClientId: secret,
  googleClientSecret: secret,
});

/** A demo's own secrets: random, and never good for production. */
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
  return whole.success ? whole.data : saveSecrets(file, schema.parse({ ...newSecrets(), ...known }));
}

function readSecrets(file: string): object {
  try {
    // The one that was there from the first version on: without it the file isn't ours.
    return schema
      .partial()
      .required({ authSecret: true })
      .parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    throw new StartError(`${file} can't be read: remove it, and the demo gets new secrets.`);
  }
}

function newSecrets(): DemoSecrets {
  const random = () => SANDBOX_PREFIX + randomBytes(32).toString("base64url");
  return {
    authSecret: random(),
    jwtSecretKey: random(),
    getmipayApiKey: random(),
    getmipaySecretKey: random(),
    getmipayWebhookSecret: random(),
    paystackSecretKey: random(),
    googleClientId: random(),
    googleClientSecret: random(),
  };
}

function saveSecrets(file: string, secrets: DemoSecrets): DemoSecrets {
  const draft = `${file}.new`;
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  fs.renameSync(draft, file);
  return secrets;
}
