import { afterAll, describe, expect, it } from "vitest";
import { startChannels } from "@/e2e/support/channels-fixture";
import type { ChannelMessage } from "@/lib/messaging/channel";

const { sandbox, channels, close } = await startChannels();
afterAll(close);

let numbers = 0;
/** A number of its own that ends with `digits`. */
function phone(digits = "0000"): string {
  numbers += 1;
  return `+2267${String(numbers).padStart(3, "0")}${digits}`;
}

const message = (to: string, values: Partial<ChannelMessage> = {}): ChannelMessage => ({
  to,
  subject: "",
  text: "Cauris : 123456 est votre code.",
  html: null,
  locale: "fr",
  key: `message-${to}`,
  expiresAt: null,
  ...values,
});
const inboxOf = (channel: "sms" | "email", to: string) => sandbox.inbox.list({ channel, to, limit: 10 });

const GATEWAYS = ["orangeSms", "termii", "africasTalking"] as const;

describe.each(GATEWAYS)("the %s gateway", (name) => {
  const channel = channels[name];

  it("takes an SMS and gives it an id", async () => {
    const to = phone();
    const { vendorMessageId } = await channel.send(message(to));
    expect(vendorMessageId).toMatch(/[0-9a-f-]{36}$/);
    expect(inboxOf("sms", to).map(({ text }) => text)).toEqual(["Cauris : 123456 est votre code."]);
  });

  it("is out of order: nothing was taken, and it may be tried again", async () => {
    const to = phone("7102");
    await expect(channel.send(message(to))).rejects.toMatchObject({ kind: "temporary", code: "http_503" });
    expect(inboxOf("sms", to)).toEqual([]);
  });

  it("is out of order once", async () => {
    const to = phone("7108");
    await expect(channel.send(message(to))).rejects.toMatchObject({ kind: "temporary" });
    await channel.send(message(to));
    expect(inboxOf("sms", to)).toHaveLength(1);
  });

  it("refuses a number for good", async () => {
    await expect(channel.send(message(phone("7104")))).rejects.toMatchObject({ kind: "permanent" });
  });

  it("says that it took what never arrives", async () => {
    const to = phone("7103");
    await channel.send(message(to));
    expect(inboxOf("sms", to)).toEqual([]);
  });
});

describe("the mail server", () => {
  const mail = (to: string, values: Partial<ChannelMessage> = {}) =>
    channels.smtp.send(message(to, { subject: "Votre code Cauris : été", ...values }));

  it("takes an e-mail with both texts, in UTF-8", async () => {
    const text = `Voilà : 123456.\n${"Une très longue ligne. ".repeat(20)}`.trim();
    await mail("awa@example.test", { text, html: "<p>Voilà : <b>123456</b></p>" });
    const [arrived] = inboxOf("email", "awa@example.test");
    expect(arrived).toMatchObject({
      from: "cauris@cauris.test",
      subject: "Votre code Cauris : été",
      text,
      html: "<p>Voilà : <b>123456</b></p>",
    });
  });

  it("is out of order, and refuses a mailbox for good", async () => {
    await expect(mail("down-awa@example.test")).rejects.toMatchObject({
      kind: "temporary",
      code: "smtp_451",
    });
    await expect(mail("refused-awa@example.test")).rejects.toMatchObject({
      kind: "permanent",
      code: "smtp_550",
    });
  });

  it.each([
    ["a line break in the subject", { subject: "Bonjour\r\nBcc: eve@example.test" }],
    ["a bare newline in the subject", { subject: "Bonjour\nBcc: eve@example.test" }],
    ["a line break in the address", { to: "awa@example.test\r\nRCPT TO:<eve@example.test>" }],
    ["two addresses", { to: "awa@example.test, eve@example.test" }],
    ["an address in brackets", { to: "<eve@example.test>" }],
  ])("never gets %s", async (_, values) => {
    await expect(mail("awa@example.test", values)).rejects.toMatchObject({
      kind: "permanent",
      code: "unsafe_header",
    });
    expect(inboxOf("email", "eve@example.test")).toEqual([]);
  });
});

describe("the pages of what was sent", () => {
  it.each([
    ["/_sms", "text/html; charset=utf-8"],
    ["/_mail", "text/html; charset=utf-8"],
    ["/_sms.json", "application/json"],
    ["/_push.json", "application/json"],
  ])("%s", async (path, type) => {
    await channels.orangeSms.send(message(phone(), { text: "<script>alert(1)</script>" }));
    const response = await fetch(sandbox.url + path);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    if (path === "/_sms") expect(await response.text()).not.toContain("<script>");
  });

  it("shows one recipient's messages alone", async () => {
    const to = phone();
    await channels.termii.send(message(to));
    const response = await fetch(`${sandbox.url}/_sms.json?to=${encodeURIComponent(to)}`);
    const { messages } = (await response.json()) as { messages: { to: string }[] };
    expect(messages.map((each) => each.to)).toEqual([to]);
  });
});
