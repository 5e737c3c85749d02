import pino from "pino";
import { describeError } from "./describe-error";
import { logLevel } from "./log.env";

// Deny by default is kept at the call sites (log ids and codes, never bodies); this is the second line.
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

/** One JSON object a line on standard output. Never log a PIN, password, token, key or full phone number. */
export const log = pino({
  level: logLevel,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  // An error of the database quotes rows and parameters: only what is safe of it is written.
  serializers: { err: describeError },
  redact: { paths: REDACTED, censor: "[redacted]" },
});

export type Log = typeof log;
