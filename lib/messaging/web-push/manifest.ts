import { z } from "zod";
import type { ChannelManifest } from "../manifest";

const PUBLIC_KEY_BYTES = 65;
const PRIVATE_KEY_BYTES = 32;

function keyOf(bytes: number) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "must be base64url")
    .refine(
      (text) => Buffer.from(text, "base64url").byteLength === bytes,
      `must be ${bytes} bytes in base64url`,
    );
}

/** The push services of Chrome and its kin, Firefox, Safari and Edge. A subscription's address is a browser's word: no other is called. */
const HOSTS = [
  "fcm.googleapis.com",
  "*.push.services.mozilla.com",
  "*.push.apple.com",
  "*.notify.windows.com",
];
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/;

const variables = z.object({
  WEB_PUSH_PUBLIC_KEY: keyOf(PUBLIC_KEY_BYTES),
  WEB_PUSH_PRIVATE_KEY: keyOf(PRIVATE_KEY_BYTES),
  WEB_PUSH_SUBJECT: z
    .string()
    .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, "must be mailto:address or an https address"),
  WEB_PUSH_HOSTS: z
    .string()
    .transform((list) => list.split(",").map((host) => host.trim().toLowerCase()))
    .refine((hosts) => hosts.every((host) => HOST.test(host)), "must be host names separated by commas")
    .default(HOSTS),
});

export interface WebPushSettings {
  publicKey: string;
  privateKey: string;
  subject: string;
  hosts: readonly string[];
}

const settings = variables.transform(
  (env): WebPushSettings => ({
    publicKey: env.WEB_PUSH_PUBLIC_KEY,
    privateKey: env.WEB_PUSH_PRIVATE_KEY,
    subject: env.WEB_PUSH_SUBJECT,
    hosts: env.WEB_PUSH_HOSTS,
  }),
);

export const webPushManifest = {
  name: "web_push",
  title: "Web Push",
  kind: "push",
  variables: Object.keys(variables.shape),
  credentials: [],
  urlVariable: null,
  settings,
  callback: null,
  sandbox: { path: null, variables: { WEB_PUSH_SUBJECT: "mailto:cauris@cauris.test" } },
} as const satisfies ChannelManifest<WebPushSettings>;
