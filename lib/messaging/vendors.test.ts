import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startScriptedServer } from "@/e2e/support/scripted-http-server";
import { createAfricasTalking } from "./africas-talking";
import type { Channel, ChannelMessage } from "./channel";
import { createOrangeSms } from "./orange-sms";
import { createTermii } from "./termii";

// On payloads as the vendors' documentation shows them.

const server = await startScriptedServer();
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const SECRET = "s".repeat(43);
const shared = { apiUrl: server.url, callbackSecret: SECRET };
let now = 0;
const orange = createOrangeSms(
  {
    ...shared,
    clientId: "client-id",
    clientSecret: "client-secret",
    senderNumber: "+2260000",
    senderName: "Cauris",
    countries: ["BF", "CI"],
  },
  () => now,
);
const termii = createTermii({
  ...shared,
  apiKey: "termii-key",
  senderId: "Cauris",
  route: "dnd",
  countries: ["NG"],
});
const africasTalking = createAfricasTalking({
  ...shared,
  username: "cauris",
  apiKey: "at-key",
  senderId: null,
  countries: ["BF"],
});

const MESSAGE: ChannelMessage = {
  to: "+22670000001",
  subject: "",
  text: "Cauris : code 123456 à é",
  html: null,
  locale: "fr",
  key: "cauris-message-1",
  expiresAt: null,
};
const jsonOf = (index: number) => JSON.parse(server.requests[index]?.body ?? "null");
const readsOf = (channel: Channel, body: string) => channel.callbacks?.read(body);

describe("Orange", () => {
  const TOKEN = { token_type: "Bearer", access_token: "token-0123456789", expires_in: "3600" };
  const TAKEN = {
    outboundSMSMessageRequest: {
      address: ["tel:+22670000001"],
      senderAddress: "tel:+2260000",
      outboundSMSTextMessage: { message: "Hello!" },
      resourceURL:
        "https://api.orange.com/smsmessaging/v1/outbound/tel:+2260000/requests/fa8b3a21-f6d5-4a1e-9f7c-1b2c3d4e5f60",
    },
  };
  const answers = (status: number, body: object) =>
    server.script(({ path }) =>
      path === "/oauth/v3/token" ? { status: 200, body: TOKEN } : { status, body },
    );

  it("sends with a token that it keeps for its hour", async () => {
    answers(201, TAKEN);
    const sent = await orange.send(MESSAGE);
    await orange.send(MESSAGE);
    expect(sent.vendorMessageId).toBe("fa8b3a21-f6d5-4a1e-9f7c-1b2c3d4e5f60");
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/oauth/v3/token",
      "/smsmessaging/v1/outbound/tel%3A%2B2260000/requests",
      "/smsmessaging/v1/outbound/tel%3A%2B2260000/requests",
    ]);
    expect(server.requests[0]).toMatchObject({
      body: "grant_type=client_credentials",
      headers: { authorization: `Basic ${Buffer.from("client-id:client-secret").toString("base64")}` },
    });
    expect(server.requests[1]?.headers.authorization).toBe("Bearer token-0123456789");
    expect(jsonOf(1)).toEqual({
      outboundSMSMessageRequest: {
        address: "tel:+22670000001",
        senderAddress: "tel:+2260000",
        senderName: "Cauris",
        outboundSMSTextMessage: { message: "Cauris : code 123456 à é" },
      },
    });
    now += 59 * 60_000;
    await orange.send(MESSAGE);
    expect(server.requests.filter(({ path }) => path === "/oauth/v3/token")).toHaveLength(2);
  });

  it("asks for another token once when the kept one is refused", async () => {
    const statuses = [401, 201];
    server.script(({ path }) =>
      path === "/oauth/v3/token"
        ? { status: 200, body: TOKEN }
        : { status: statuses.shift() ?? 500, body: TAKEN },
    );
    await orange.send(MESSAGE);
    expect(server.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
      "requests",
      "token",
      "requests",
    ]);
  });

  it.each([
    [
      400,
      { serviceException: { messageId: "SVC0004", text: "No valid addresses provided" } },
      "permanent",
      "svc0004",
    ],
    [
      403,
      { policyException: { messageId: "POL0001", variables: ["Expired contract"] } },
      "temporary",
      "pol0001",
    ],
    [429, {}, "temporary", "http_429"],
    [500, {}, "temporary", "http_500"],
  ])("reads %i %j", async (status, requestError, kind, code) => {
    answers(status, { requestError });
    await expect(orange.send(MESSAGE)).rejects.toMatchObject({ kind, code });
  });

  it.each([
    ["DeliveredToTerminal", "delivered"],
    ["DeliveryImpossible", "undelivered"],
    ["DeliveredToNetwork", "pending"],
    ["MessageWaiting", "pending"],
    ["DeliveryUncertain", "pending"],
  ])("reads the receipt %s", (deliveryStatus, status) => {
    const body = JSON.stringify({
      deliveryInfoNotification: {
        callbackData: "fa8b3a21",
        deliveryInfo: { address: "tel:+22670000001", deliveryStatus },
      },
    });
    expect(readsOf(orange, body)).toEqual([{ vendorMessageId: "fa8b3a21", code: deliveryStatus, status }]);
  });

  it("reaches the countries of its bundles", () => {
    expect(["+22670000001", "+2250701020304", "+2348031234567"].map(orange.reaches)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("Termii", () => {
  it("sends by the route for codes", async () => {
    const body =
      '{"code":"ok","balance":1047.57,"message_id":3017544054459083819856413,"message":"Successfully Sent","user":"Cauris"}';
    server.script({ status: 200, body });
    const sent = await termii.send({ ...MESSAGE, to: "+2348031234567" });
    expect(sent.vendorMessageId).toBe("3017544054459083819856413");
    expect(server.requests[0]?.path).toBe("/api/sms/send");
    expect(jsonOf(0)).toEqual({
      api_key: "termii-key",
      to: "2348031234567",
      from: "Cauris",
      sms: MESSAGE.text,
      type: "plain",
      channel: "dnd",
    });
  });

  it.each([
    [400, { message: "Insufficient balance" }, "temporary", "insufficient_balance"],
    [400, { message: "Invalid phone number" }, "permanent", "invalid_number"],
    [401, { message: "Invalid API key" }, "temporary", "http_401"],
    [200, { code: "error" }, "temporary", "unclear_answer"],
    [502, {}, "temporary", "http_502"],
  ])("reads %i %j", async (status, body, kind, code) => {
    server.script({ status, body });
    await expect(termii.send(MESSAGE)).rejects.toMatchObject({ kind, code });
  });

  it.each([
    ["DELIVERED", "delivered"],
    ["DELIVERED | Message delivered to handset", "delivered"],
    ["Message Failed", "undelivered"],
    ["DND Active on Phone Number", "undelivered"],
    ["Message Sent", "pending"],
  ])("reads the report %s", (code, status) => {
    const body = `{"type":"outbound","message_id":"5964465985113503103","receiver":"2348031234567","status":"${code}"}`;
    expect(readsOf(termii, body)).toEqual([{ vendorMessageId: "5964465985113503103", code, status }]);
  });
});

describe("Africa's Talking", () => {
  const recipient = (values: object) => ({
    SMSMessageData: {
      Message: "Sent to 1/1",
      Recipients: [{ number: "+22670000001", cost: "XOF 20", ...values }],
    },
  });

  it("sends a form with its key", async () => {
    const taken = { statusCode: 101, status: "Success", messageId: "ATXid_0123" };
    server.script({ status: 201, body: recipient(taken) });
    expect(await africasTalking.send(MESSAGE)).toEqual({ vendorMessageId: "ATXid_0123" });
    const [request] = server.requests;
    expect(request).toMatchObject({ path: "/version1/messaging", headers: { apikey: "at-key" } });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      username: "cauris",
      to: "+22670000001",
      message: MESSAGE.text,
    });
  });

  it.each([
    [201, recipient({ statusCode: 403, status: "InvalidPhoneNumber" }), "permanent", "status_403"],
    [201, recipient({ statusCode: 405, status: "InsufficientBalance" }), "temporary", "status_405"],
    [201, recipient({ statusCode: 501, status: "GatewayError" }), "temporary", "status_501"],
    [201, { SMSMessageData: { Message: "InvalidSenderId", Recipients: [] } }, "temporary", "unclear_answer"],
    [401, {}, "temporary", "http_401"],
  ])("reads %i %j", async (status, body, kind, code) => {
    server.script({ status, body });
    await expect(africasTalking.send(MESSAGE)).rejects.toMatchObject({ kind, code });
  });

  it.each([
    ["status=Success", "Success", "delivered"],
    ["status=Failed&failureReason=UserIsInactive", "Failed UserIsInactive", "undelivered"],
    ["status=Rejected&failureReason=UserInBlackList", "Rejected UserInBlackList", "undelivered"],
    ["status=Buffered", "Buffered", "pending"],
  ])("reads the report %s", (form, code, status) => {
    const body = `id=ATXid_0123&phoneNumber=%2B22670000001&networkCode=61302&${form}`;
    expect(readsOf(africasTalking, body)).toEqual([{ vendorMessageId: "ATXid_0123", code, status }]);
  });
});

describe.each([
  ["Orange", orange],
  ["Termii", termii],
  ["Africa's Talking", africasTalking],
])("%s", (_, channel) => {
  it.each(["", "null", "[]", "{}", "not json", '{"deliveryInfoNotification":1}', '{"message_id":{}}'])(
    "takes %j for no report",
    (body) => expect(readsOf(channel, body)).toBeNull(),
  );

  it.each(["reset", "half_response"] as const)("may be tried again after a %s", async (script) => {
    server.script(script);
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ kind: "temporary" });
  });
});
