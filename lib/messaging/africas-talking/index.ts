import { type Channel, type DeliveryReport, MessageError, type Sent } from "../channel";
import { type Answer, post, statusError } from "../http-call";
import { at, parseJson, textOf } from "../json-fields";
import { isIn } from "../variables";
import type { AfricasTalkingSettings } from "./manifest";

// SMS, docs.africastalking.com: a form to version1/messaging, answered with one recipient's own status code.

const ID_LENGTH_MAX = 200;
const TAKEN = new Set([100, 101, 102]);
/** The number can't be reached: wrong, unsupported, or its owner wants no messages. Other codes are our account's or theirs. */
const REFUSED = new Set([403, 404, 406, 409]);

function sentOf(answer: Answer): Sent {
  if (answer.status !== 200 && answer.status !== 201) throw statusError(answer.status);
  const recipient = at(parseJson(answer.body), "SMSMessageData", "Recipients", 0);
  const code = Number(at(recipient, "statusCode"));
  if (TAKEN.has(code)) {
    const id = textOf(at(recipient, "messageId"), ID_LENGTH_MAX);
    return { vendorMessageId: id === "None" ? null : id };
  }
  if (!Number.isInteger(code)) throw new MessageError("temporary", "unclear_answer");
  throw new MessageError(REFUSED.has(code) ? "permanent" : "temporary", `status_${code}`);
}

/** Their final states; the others may still change. */
const STATES: Record<string, DeliveryReport["status"]> = {
  Success: "delivered",
  Failed: "undelivered",
  Rejected: "undelivered",
  AbsentSubscriber: "undelivered",
  Expired: "undelivered",
};

function readReport(body: string): readonly DeliveryReport[] | null {
  const form = new URLSearchParams(body);
  const vendorMessageId = textOf(form.get("id"), ID_LENGTH_MAX);
  const state = textOf(form.get("status"), 40);
  if (vendorMessageId === null || state === null) return null;
  const reason = textOf(form.get("failureReason"), 39);
  const code = reason === null ? state : `${state} ${reason}`;
  return [{ vendorMessageId, code, status: STATES[state] ?? "pending" }];
}

export function createAfricasTalking(settings: AfricasTalkingSettings): Channel {
  const { username, apiKey, senderId, countries, apiUrl, callbackSecret } = settings;
  return {
    vendor: "africas_talking",
    kind: "sms",
    reaches: (to) => isIn(countries, to),
    async send({ to, text }) {
      const form = new URLSearchParams({ username, to, message: text });
      if (senderId !== null) form.set("from", senderId);
      return sentOf(await post(`${apiUrl}/version1/messaging`, form, { apikey: apiKey }));
    },
    callbacks: callbackSecret === null ? null : { secret: callbackSecret, read: readReport },
  };
}
