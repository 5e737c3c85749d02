import { type Channel, type DeliveryReport, MessageError, type Sent } from "../channel";
import { type Answer, post, statusError } from "../http-call";
import { at, parseJson, textOf } from "../json-fields";
import { isIn } from "../variables";
import type { TermiiSettings } from "./manifest";

// Messaging API, developer.termii.com.

const ID_LENGTH_MAX = 200;

/** Longest first: ids are larger than JavaScript's integers, so their text is preferred where there is one. */
function idOf(body: unknown, raw: string): string | null {
  const written = /"message_id"\s*:\s*"?([0-9A-Za-z_-]{1,200})"?/.exec(raw)?.[1];
  return textOf(at(body, "message_id_str"), ID_LENGTH_MAX) ?? written ?? null;
}

function sentOf(answer: Answer): Sent {
  const body = parseJson(answer.body);
  const isTaken = answer.status === 200 && at(body, "code") === "ok";
  if (isTaken) return { vendorMessageId: idOf(body, answer.body) };
  const reason = textOf(at(body, "message"), 200) ?? "";
  if (/insufficient balance/i.test(reason)) throw new MessageError("temporary", "insufficient_balance");
  if (/invalid (phone|number|to)|phone number/i.test(reason))
    throw new MessageError("permanent", "invalid_number");
  // A 200 that doesn't say ok may have been taken.
  throw answer.status === 200 ? new MessageError("temporary", "unclear_answer") : statusError(answer.status);
}

/** `DELIVERED | Message delivered to handset`; what the first word says counts. */
function statusOf(code: string): DeliveryReport["status"] {
  if (/^delivered\b/i.test(code)) return "delivered";
  return /^(message failed|failed|dnd active|rejected|expired|undelivered)/i.test(code)
    ? "undelivered"
    : "pending";
}

function readReport(raw: string): readonly DeliveryReport[] | null {
  const body = parseJson(raw);
  const code = textOf(at(body, "status"), 80);
  const vendorMessageId = idOf(body, raw);
  if (vendorMessageId === null || code === null) return null;
  return [{ vendorMessageId, code, status: statusOf(code) }];
}

export function createTermii(settings: TermiiSettings): Channel {
  const { apiUrl, apiKey, senderId, route, countries, callbackSecret } = settings;
  return {
    vendor: "termii",
    kind: "sms",
    reaches: (to) => isIn(countries, to),
    async send({ to, text }) {
      return sentOf(
        await post(`${apiUrl}/api/sms/send`, {
          api_key: apiKey,
          to: to.replace("+", ""),
          from: senderId,
          sms: text,
          type: "plain",
          channel: route,
        }),
      );
    },
    callbacks: callbackSecret === null ? null : { secret: callbackSecret, read: readReport },
  };
}
