import pino from "pino";
import { logLevel } from "./config";
import { describeError } from "./describe-error";

// Call sites log ids and codes, never bodies; these redactions are a second protection.
const REDACTED = [
  "password",
  "pin",
  "token",
  "secret",
  "authorization",
  "cookie",
  "phone",
  "email",
  "apiKey",
  "*.password",
  "*.pin",
  "*.token",
  "*.secret",
  "*.authorization",
  "*.cookie",
  "*.phone",
  "*.email",
  "*.apiKey",
];

const FLUSH_EVERY_MS = 500;
const WARN = pino.levels.values.warn ?? 40;

// Lines gather for half a second at most: written one by one they took a tenth of a busy server's time. A warning goes
// out at once, with all before it, and so does everything when the process ends.
const output = pino.destination({ dest: 1, sync: false, minLength: 4_096 });
setInterval(() => output.flush(), FLUSH_EVERY_MS).unref();

/** One JSON object a line on standard output. Never log a PIN, password, token, key or full phone number. */
export const log = pino(
  {
    level: logLevel(),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // An error of the database quotes rows and parameters: only its code and constraint are logged.
    serializers: { err: describeError },
    redact: { paths: REDACTED, censor: "[redacted]" },
    hooks: {
      logMethod(line, method, level) {
        method.apply(this, line);
        if (level >= WARN) output.flush();
      },
    },
  },
  output,
);

export type Log = typeof log;
