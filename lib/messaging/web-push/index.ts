import webPush from "web-push";
import { z } from "zod";
import { isLoopbackHost } from "@/lib/loopback";
import { type Channel, type ChannelMessage, MessageError } from "../channel";
import { post, statusError } from "../http-call";
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
  return {
    vendor: "web_push",
    kind: "push",
    reaches: () => true,
    callbacks: null,
    async send(message) {
      const payload = JSON.stringify({ title: message.subject, body: message.text, lang: message.locale });
      if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX) throw new MessageError("permanent", "too_long");
      const { endpoint, headers, body } = requestOf(message, payload, settings);
      const answer = await post(endpoint, body, headers);
      if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer.status);
      return { vendorMessageId: null };
    },
  };
}

/** Encrypted for the browser. Throws {@link MessageError} `gone` for a subscription that can't be one. */
function requestOf(message: ChannelMessage, payload: string, settings: WebPushSettings) {
  const { publicKey, privateKey, subject, hosts } = settings;
  const subscription = target.safeParse(JSON.parse(message.to)).data;
  if (subscription === undefined || !isPushEndpoint(subscription.endpoint, hosts))
    throw new MessageError("gone", "unknown_push_service");
  const { endpoint, ...keys } = subscription;
  try {
    // Only made by the package: it would send over https alone, with no limit for connecting.
    const request = webPush.generateRequestDetails({ endpoint, keys }, payload, {
      vapidDetails: { subject, publicKey, privateKey },
      TTL: secondsLeft(message.expiresAt),
    });
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    return { endpoint, headers: Object.fromEntries(headers) as Record<string, string>, body: request.body };
  } catch {
    throw new MessageError("gone", "bad_subscription");
  }
}

function secondsLeft(expiresAt: Date | null): number {
  const left = expiresAt === null ? DAY_SECONDS : (expiresAt.getTime() - Date.now()) / 1_000;
  return Math.max(0, Math.floor(left));
}

function refusalOf(status: number): MessageError {
  return GONE.has(status) ? new MessageError("gone", `http_${status}`) : statusError(status);
}
