import { type Channel, type DeliveryReport, MessageError, type Sent } from "../channel";
import { type Answer, post, statusError } from "../http-call";
import { at, parseJson, textOf } from "../json-fields";
import { isIn } from "../variables";
import type { OrangeSmsSettings } from "./manifest";
import { createTokenSource } from "./token";

// SMS API for Africa and the Middle East 2.0, developer.orange.com.

const HTTP_UNAUTHORIZED = 401;
const HTTP_CREATED = 201;
const ID_LENGTH_MAX = 200;

/** What their delivery states mean (OMA REST NetAPI for messaging); any other may still change. */
const STATES: Record<string, DeliveryReport["status"]> = {
  DeliveredToTerminal: "delivered",
  DeliveryImpossible: "undelivered",
};

/** Orange's own account of why: our contract or bundle is an operator's business, an address is the message's. */
function refusalOf(answer: Answer): MessageError {
  const body = parseJson(answer.body);
  const service = textOf(at(body, "requestError", "serviceException", "messageId"), 20);
  const policy = textOf(at(body, "requestError", "policyException", "messageId"), 20);
  if (service !== null && /^SVC000[24]$/.test(service))
    return new MessageError("permanent", service.toLowerCase());
  if (policy !== null && /^[A-Z0-9]+$/.test(policy))
    return new MessageError("temporary", policy.toLowerCase());
  return statusError(answer.status);
}

function sentOf(answer: Answer): Sent {
  if (answer.status !== HTTP_CREATED) throw refusalOf(answer);
  // Delivery receipts carry the last part of this address as `callbackData`.
  const address = textOf(at(parseJson(answer.body), "outboundSMSMessageRequest", "resourceURL"), 1_000);
  const id = address?.split("/").at(-1) ?? "";
  return { vendorMessageId: id === "" ? null : id.slice(0, ID_LENGTH_MAX) };
}

function readReport(body: string): readonly DeliveryReport[] | null {
  const notification = at(parseJson(body), "deliveryInfoNotification");
  const vendorMessageId = textOf(at(notification, "callbackData"), ID_LENGTH_MAX);
  const info = at(notification, "deliveryInfo");
  const infos = Array.isArray(info) ? info : [info];
  const codes = infos.flatMap((each) => textOf(at(each, "deliveryStatus"), 80) ?? []);
  if (vendorMessageId === null || codes.length === 0) return null;
  return codes.map((code) => ({ vendorMessageId, code, status: STATES[code] ?? "pending" }));
}

export function createOrangeSms(settings: OrangeSmsSettings, now: () => number = Date.now): Channel {
  const tokens = createTokenSource(settings, now);
  const sender = `tel:${settings.senderNumber}`;
  const url = `${settings.apiUrl}/smsmessaging/v1/outbound/${encodeURIComponent(sender)}/requests`;
  const request = async (to: string, text: string): Promise<Answer> => {
    const token = await tokens.get();
    const content = {
      outboundSMSMessageRequest: {
        address: `tel:${to}`,
        senderAddress: sender,
        ...(settings.senderName === null ? {} : { senderName: settings.senderName }),
        outboundSMSTextMessage: { message: text },
      },
    };
    const answer = await post(url, content, { authorization: `Bearer ${token}` });
    if (answer.status === HTTP_UNAUTHORIZED) tokens.forget(token);
    return answer;
  };
  return {
    vendor: "orange_sms",
    kind: "sms",
    reaches: (to) => isIn(settings.countries, to),
    async send({ to, text }) {
      const first = await request(to, text);
      // The token may have been replaced by another machine's.
      return sentOf(first.status === HTTP_UNAUTHORIZED ? await request(to, text) : first);
    },
    callbacks:
      settings.callbackSecret === null ? null : { secret: settings.callbackSecret, read: readReport },
  };
}
