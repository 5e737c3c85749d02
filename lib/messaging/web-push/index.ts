import webPush, { WebPushError } from "web-push";
import { z } from "zod";
import { isLoopbackHost } from "@/lib/loopback";
import { type Channel, MessageError, SEND_TIMEOUT_MS } from "../channel";
import { statusError } from "../http-call";
import type { WebPushSettings } from "./manifest";

const DAY_SECONDS = 24 * 60 * 60;
/** Services take 4096 bytes, encryption included. */
const PAYLOAD_BYTES_MAX = 3_000;
const GONE = new Set([404, 410]);

const target = z.object({ endpoint: z.url(), p256dh: z.string(), auth: z.string() });

/** True for an address of a push service that we know: https, or the sandbox on this machine. */
export function isPushEndpoint(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, host, hostname, username, password } = new URL(endpoint);
  if (username !== "" || password !== "") return false;
  if (protocol !== "https:" && !(protocol === "http:" && isLoopbackHost(hostname))) return false;
  return hosts.some((each) => (each.startsWith("*.") ? host.endsWith(each.slice(1)) : host === each));
}

/** Browsers, by Web Push (RFC 8030) with VAPID (RFC 8292). The payload is encrypted for the browser. */
export function createWebPush(settings: WebPushSettings): Channel {
  const { publicKey, privateKey, subject, hosts } = settings;
  return {
    vendor: "web_push",
    kind: "push",
    reaches: () => true,
    callbacks: null,
    async send(message) {
      const { endpoint, p256dh, auth } = target.parse(JSON.parse(message.to));
      if (!isPushEndpoint(endpoint, hosts)) throw new MessageError("gone", "unknown_push_service");
      const payload = JSON.stringify({ title: message.subject, body: message.text, lang: message.locale });
      if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX) throw new MessageError("permanent", "too_long");
      const lasts =
        message.expiresAt === null ? DAY_SECONDS : (message.expiresAt.getTime() - Date.now()) / 1_000;
      try {
        await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, payload, {
          vapidDetails: { subject, publicKey, privateKey },
          TTL: Math.max(0, Math.floor(lasts)),
          timeout: SEND_TIMEOUT_MS,
        });
        return { vendorMessageId: null };
      } catch (error) {
        throw toMessageError(error);
      }
    },
  };
}

function toMessageError(error: unknown): MessageError {
  if (!(error instanceof WebPushError)) return new MessageError("temporary", "network");
  if (GONE.has(error.statusCode)) return new MessageError("gone", `http_${error.statusCode}`);
  return statusError(error.statusCode);
}
