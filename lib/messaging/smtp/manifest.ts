import { z } from "zod";
import { normaliseEmail } from "@/lib/email";
import { isLoopbackHost } from "@/lib/loopback";
import type { ChannelManifest } from "../manifest";

/** Passwords and codes travel in it: without TLS only to this machine. */
function isSafe(url: URL): boolean {
  return url.protocol === "smtps:" || url.searchParams.get("tls") !== "none" || isLoopbackHost(url.hostname);
}

const variables = z.object({
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be smtp://host:port or smtps://host:port" })
    .refine((url) => isSafe(new URL(url)), "must use TLS, except on this machine"),
  SMTP_USER: z.string().min(1).optional(),
  SMTP_PASSWORD: z.string().min(1).optional(),
  MAIL_FROM: z.string().transform((text, context) => {
    const address = normaliseEmail(text);
    if (address !== null) return address;
    context.addIssue({ code: "custom", message: "must be an e-mail address" });
    return z.NEVER;
  }),
});

export interface SmtpSettings {
  host: string;
  port: number;
  /** `implicit` from the first byte, `required` by STARTTLS, `none` only to this machine. */
  tls: "implicit" | "required" | "none";
  user: string | null;
  password: string | null;
  from: string;
}

const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

const settings = variables
  .superRefine((env, context) => {
    if ((env.SMTP_USER === undefined) === (env.SMTP_PASSWORD === undefined)) return;
    const missing = env.SMTP_USER === undefined ? "SMTP_USER" : "SMTP_PASSWORD";
    context.addIssue({
      code: "custom",
      path: [missing],
      message: "is missing: the other half of the sign-in is set",
    });
  })
  .transform((env): SmtpSettings => {
    const url = new URL(env.SMTP_URL);
    const isImplicit = url.protocol === "smtps:";
    const isPlain = url.searchParams.get("tls") === "none";
    return {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (isImplicit ? SMTPS_PORT : SUBMISSION_PORT) : Number(url.port),
      tls: isImplicit ? "implicit" : isPlain ? "none" : "required",
      user: env.SMTP_USER ?? null,
      password: env.SMTP_PASSWORD ?? null,
      from: env.MAIL_FROM,
    };
  });

export const smtpManifest = {
  name: "smtp",
  title: "SMTP",
  kind: "email",
  variables: Object.keys(variables.shape),
  credentials: ["SMTP_PASSWORD"],
  urlVariable: "SMTP_URL",
  settings,
  callback: null,
  sandbox: { path: null, variables: { SMTP_USER: "cauris", MAIL_FROM: "cauris@cauris.test" } },
} as const satisfies ChannelManifest<SmtpSettings>;
