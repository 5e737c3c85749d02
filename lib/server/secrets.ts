import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { SANDBOX_PREFIX } from "./production-checks";
import { StartError } from "./start-error";

const secret = z.string().min(32);

const schema = z.object({
  authSecret: secret,
  getmipayApiKey: secret,
  getmipaySecretKey: secret,
  getmipayWebhookSecret: secret,
  googleClientId: secret,
  googleClientSecret: secret,
});

/** A demo's own secrets: random, and never good for production. */
export type DemoSecrets = z.infer<typeof schema>;

/** Made once and kept in `secrets.json` (mode 0600). Throws StartError when the file isn't what we wrote. */
export function demoSecrets(dataDir: string): DemoSecrets {
  const file = path.join(dataDir, "secrets.json");
  if (!fs.existsSync(file)) return createSecrets(file);
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    throw new StartError(`${file} can't be read: remove it, and the demo gets new secrets.`);
  }
}

function createSecrets(file: string): DemoSecrets {
  const random = () => SANDBOX_PREFIX + randomBytes(32).toString("base64url");
  const secrets: DemoSecrets = {
    authSecret: random(),
    getmipayApiKey: random(),
    getmipaySecretKey: random(),
    getmipayWebhookSecret: random(),
    googleClientId: random(),
    googleClientSecret: random(),
  };
  const draft = `${file}.new`;
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  fs.renameSync(draft, file);
  return secrets;
}
