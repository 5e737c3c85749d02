import { createHmac, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ToolError } from "./run.mjs";

const VARIABLE = "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY";
/** AES keys, as Next wants them: base64 of 16, 24 or 32 bytes. */
const KEY_BYTES = [16, 24, 32];

/**
 * The key from which Next derives the ids of server actions: a form of one build works with another build of the same key. The
 * variable; else of AUTH_SECRET, which all machines of a deployment share; else made once and kept in `dataDir`.
 */
export function actionKey(env, dataDir) {
  const given = env[VARIABLE];
  if (given) {
    if (isKey(given)) return given;
    throw new ToolError(`${VARIABLE} must be base64 of 16, 24 or 32 bytes: openssl rand -base64 32`);
  }
  if (env.AUTH_SECRET) return createHmac("sha256", env.AUTH_SECRET).update("server actions").digest("base64");
  return keptKey(path.join(dataDir, "action-key"));
}

function isKey(text) {
  const bytes = Buffer.from(text, "base64");
  return KEY_BYTES.includes(bytes.length) && bytes.toString("base64") === text;
}

function keptKey(file) {
  const known = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : "";
  if (isKey(known)) return known;
  const made = randomBytes(32).toString("base64");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}
