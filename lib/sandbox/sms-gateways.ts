import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isLoopbackUrl } from "@/lib/loopback";
import { form, type Handler, type Incoming, isSame, json, parseJson, type Reply } from "./http";
import type { Inbox, MessageScenarioCode } from "./inbox";

/** An account with one gateway: its key, and where delivery reports go, the secret included. */
export interface SmsAccount {
  key: string;
  callbackUrl: string | null;
}

export interface SmsGatewayOptions {
  orange: (SmsAccount & { clientId: string }) | null;
  termii: SmsAccount | null;
  africasTalking: SmsAccount | null;
  inbox: Inbox;
  slowMs: number;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

interface Sms {
  to: string;
  from: string;
  text: string;
}

type State = "delivered" | "undelivered";

/** How a gateway says each thing. */
interface Dialect {
  vendor: string;
  account: SmsAccount;
  taken(id: string, sms: Sms): Reply;
  refused: Reply;
  /** The body of a delivery report, and its type. */
  report(id: string, state: State, sms: Sms): { body: string; type: string };
}

const DOWN = json(503, { message: "Service Unavailable" });
const REPORT_TIMEOUT_MS = 5_000;

async function sendReport(
  { account, report }: Dialect,
  id: string,
  sms: Sms,
  scenario: MessageScenarioCode | null,
  { slowMs, signal }: SmsGatewayOptions,
): Promise<void> {
  const { callbackUrl } = account;
  if (callbackUrl === null || !isLoopbackUrl(callbackUrl) || scenario === "lost") return;
  if (scenario === "late") await sleep(slowMs, undefined, { signal });
  const { body, type } = report(id, scenario === "undelivered" ? "undelivered" : "delivered", sms);
  const response = await fetch(callbackUrl, {
    method: "POST",
    headers: { "content-type": type, "user-agent": "Cauris-Sandbox/1.0" },
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(REPORT_TIMEOUT_MS)]),
  });
  await response.body?.cancel();
}

async function take(dialect: Dialect, sms: Sms, options: SmsGatewayOptions): Promise<Reply | null> {
  const { inbox, slowMs, signal } = options;
  const scenario = inbox.scenarioOf(sms.to);
  if (scenario === "down") return DOWN;
  if (scenario === "refused") return dialect.refused;
  const id = randomUUID();
  if (scenario === "slow") await sleep(slowMs, undefined, { signal });
  if (scenario !== "lost") {
    inbox.add({ channel: "sms", vendor: dialect.vendor, ...sms, subject: "", html: null });
  }
  sendReport(dialect, id, sms, scenario, options).catch((error: unknown) => {
    // The app may be down, as a crash test has it: a gateway reports once.
    if (!signal.aborted && !(error instanceof TypeError)) options.onError(error);
  });
  return scenario === "silent" ? null : dialect.taken(id, sms);
}

const orangeRequest = z.object({
  outboundSMSMessageRequest: z.object({
    address: z.string().regex(/^tel:\+[0-9]{8,15}$/),
    senderAddress: z.string(),
    senderName: z.string().optional(),
    outboundSMSTextMessage: z.object({ message: z.string().min(1) }),
  }),
});

function createOrange(account: SmsAccount & { clientId: string }, options: SmsGatewayOptions): Handler {
  const tokens = new Set<string>();
  const basic = `Basic ${Buffer.from(`${account.clientId}:${account.key}`).toString("base64")}`;
  const noAddress = { messageId: "SVC0004", text: "No valid addresses provided in message part %1" };
  const dialect: Dialect = {
    vendor: "orange_sms",
    account,
    refused: json(400, { requestError: { serviceException: { ...noAddress, variables: ["address"] } } }),
    taken: (id, { to, from, text }) =>
      json(201, {
        outboundSMSMessageRequest: {
          address: [`tel:${to}`],
          senderAddress: from,
          outboundSMSTextMessage: { message: text },
          resourceURL: `https://api.orange.com/smsmessaging/v1/outbound/${from}/requests/${id}`,
        },
      }),
    report: (id, state, { to }) => ({
      type: "application/json",
      body: JSON.stringify({
        deliveryInfoNotification: {
          callbackData: id,
          deliveryInfo: {
            address: `tel:${to}`,
            deliveryStatus: state === "delivered" ? "DeliveredToTerminal" : "DeliveryImpossible",
          },
        },
      }),
    }),
  };
  return (incoming) => {
    const given = incoming.headers.get("authorization") ?? "";
    if (incoming.url.pathname.endsWith("/oauth/v3/token")) {
      if (!isSame(given, basic)) return json(401, { error: "invalid_client" });
      const token = randomUUID();
      tokens.add(token);
      return json(200, { token_type: "Bearer", access_token: token, expires_in: "3600" });
    }
    if (!tokens.has(given.replace(/^Bearer /, ""))) {
      return json(401, { code: 42, message: "Expired credentials" });
    }
    const parsed = orangeRequest.safeParse(parseJson(incoming));
    if (!parsed.success) return dialect.refused;
    const { address, senderAddress, outboundSMSTextMessage } = parsed.data.outboundSMSMessageRequest;
    const sms = {
      to: address.slice("tel:".length),
      from: senderAddress,
      text: outboundSMSTextMessage.message,
    };
    return take(dialect, sms, options);
  };
}

const termiiRequest = z.object({
  api_key: z.string(),
  to: z.string().regex(/^[0-9]{8,15}$/),
  from: z.string().min(3).max(11),
  sms: z.string().min(1),
});

function createTermii(account: SmsAccount, options: SmsGatewayOptions): Handler {
  const dialect: Dialect = {
    vendor: "termii",
    account,
    refused: json(400, { code: 400, message: "Invalid phone number" }),
    taken: (id) =>
      json(200, {
        code: "ok",
        message_id: id,
        message_id_str: id,
        message: "Successfully Sent",
        balance: 9.5,
        user: "Cauris",
      }),
    report: (id, state, { to, from }) => ({
      type: "application/json",
      body: JSON.stringify({
        type: "outbound",
        message_id: id,
        receiver: to.replace("+", ""),
        sender: from,
        status: state === "delivered" ? "DELIVERED" : "Message Failed",
        channel: "dnd",
      }),
    }),
  };
  return (incoming) => {
    const parsed = termiiRequest.safeParse(parseJson(incoming));
    if (!parsed.success) return dialect.refused;
    const { api_key: key, to, from, sms: text } = parsed.data;
    if (!isSame(key, account.key)) return json(401, { code: 401, message: "Invalid API key" });
    return take(dialect, { to: `+${to}`, from, text }, options);
  };
}

function createAfricasTalking(account: SmsAccount, options: SmsGatewayOptions): Handler {
  const answer = (recipient: object) =>
    json(201, { SMSMessageData: { Message: "Sent to 1/1", Recipients: [recipient] } });
  const dialect: Dialect = {
    vendor: "africas_talking",
    account,
    refused: answer({ statusCode: 403, status: "InvalidPhoneNumber", cost: "0", messageId: "None" }),
    taken: (id, { to }) =>
      answer({
        statusCode: 101,
        number: to,
        status: "Success",
        cost: "XOF 20.0000",
        messageId: `ATXid_${id}`,
      }),
    report: (id, state, { to }) => ({
      type: "application/x-www-form-urlencoded",
      body: new URLSearchParams({
        id: `ATXid_${id}`,
        phoneNumber: to,
        networkCode: "61302",
        ...(state === "delivered"
          ? { status: "Success" }
          : { status: "Failed", failureReason: "DeliveryFailure" }),
      }).toString(),
    }),
  };
  return (incoming) => {
    if (!isSame(incoming.headers.get("apikey") ?? "", account.key))
      return json(401, { error: "unauthorized" });
    const fields = form(incoming);
    const to = fields.get("to") ?? "";
    const text = fields.get("message") ?? "";
    if (!/^\+[0-9]{8,15}$/.test(to) || text === "") return dialect.refused;
    return take(dialect, { to, from: fields.get("from") ?? "", text }, options);
  };
}

/** The gateways that are simulated, below `/sms/<vendor>`; null for any other address. */
export function createSmsGateways(
  options: SmsGatewayOptions,
): (incoming: Incoming) => ReturnType<Handler> | undefined {
  const handlers: [string, Handler][] = [
    ...(options.orange ? [["/sms/orange/", createOrange(options.orange, options)] as [string, Handler]] : []),
    ...(options.termii ? [["/sms/termii/", createTermii(options.termii, options)] as [string, Handler]] : []),
    ...(options.africasTalking
      ? [
          ["/sms/africas-talking/", createAfricasTalking(options.africasTalking, options)] as [
            string,
            Handler,
          ],
        ]
      : []),
  ];
  return (incoming) => {
    if (incoming.method !== "POST") return undefined;
    return handlers.find(([prefix]) => incoming.url.pathname.startsWith(prefix))?.[1](incoming);
  };
}
