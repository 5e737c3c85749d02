import { createECDH, randomBytes } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import webPush from "web-push";
import { startChannels } from "@/e2e/support/channels-fixture";
import { startScriptedServer } from "@/e2e/support/scripted-http-server";
import { createWebPush, isPushEndpoint } from ".";

const { sandbox, close } = await startChannels();
const server = await startScriptedServer();
afterAll(async () => {
  await close();
  await server.close();
});

const { publicKey, privateKey } = webPush.generateVAPIDKeys();
const hosts = [new URL(sandbox.url).host, new URL(server.url).host];
const channel = createWebPush({ publicKey, privateKey, subject: "mailto:help@cauris.test", hosts });

function subscription(endpoint: string): string {
  const browser = createECDH("prime256v1");
  const p256dh = browser.generateKeys("base64url");
  return JSON.stringify({ endpoint, p256dh, auth: randomBytes(16).toString("base64url") });
}

const send = (endpoint: string, text = "Vous avez reçu 5 000 FCFA") =>
  channel.send({
    to: subscription(endpoint),
    subject: "Argent reçu",
    text,
    html: null,
    locale: "fr",
    key: "cauris-message-1",
    expiresAt: new Date(Date.now() + 60_000),
  });

describe("a push message", () => {
  it("reaches the push service, encrypted and signed with our keys", async () => {
    server.script({ status: 201 });
    await send(`${server.url}/browser`);
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({
      "content-encoding": "aes128gcm",
      authorization: expect.stringMatching(/^vapid t=\S+, k=\S+$/),
    });
    expect(Number(request?.headers.ttl)).toBeGreaterThan(50);
    expect(request?.body).not.toContain("FCFA");
  });

  it("is taken by the sandbox", async () => {
    await send(`${sandbox.url}/push/awa`);
    expect(sandbox.inbox.list({ channel: "push", to: "awa", limit: 10 })).toHaveLength(1);
  });

  it.each([
    [404, "gone"],
    [410, "gone"],
    [413, "permanent"],
    [429, "temporary"],
    [502, "temporary"],
  ])("answered %i is %s", async (status, kind) => {
    server.script({ status });
    await expect(send(`${server.url}/browser`)).rejects.toMatchObject({ kind });
  });

  it("that a service never answers may be sent again", async () => {
    server.script("reset");
    await expect(send(`${server.url}/browser`)).rejects.toMatchObject({ kind: "temporary" });
  });

  it("to a browser whose keys are none ends the subscription", async () => {
    const to = JSON.stringify({ endpoint: `${server.url}/browser`, p256dh: "short", auth: "short" });
    const message = {
      to,
      subject: "",
      text: "x",
      html: null,
      locale: "fr" as const,
      key: "k",
      expiresAt: null,
    };
    await expect(channel.send(message)).rejects.toMatchObject({ kind: "gone" });
    await expect(channel.send({ ...message, to: "{}" })).rejects.toMatchObject({ kind: "gone" });
  });

  it("longer than services take is refused", async () => {
    await expect(send(`${server.url}/browser`, "x".repeat(4_000))).rejects.toMatchObject({
      kind: "permanent",
      code: "too_long",
    });
  });
});

describe("the address of a push service", () => {
  const KNOWN = ["fcm.googleapis.com", "*.push.apple.com", "127.0.0.1:4010"];

  it.each([
    "https://fcm.googleapis.com/fcm/send/x",
    "https://web.push.apple.com/Q",
    "http://127.0.0.1:4010/push/x",
  ])("%s is called", (endpoint) => expect(isPushEndpoint(endpoint, KNOWN)).toBe(true));

  it.each([
    "http://fcm.googleapis.com/fcm/send/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.example/",
    "https://user:secret@fcm.googleapis.com/",
    "https://push.apple.com/x",
    "https://evilpush.apple.com.evil.example/x",
    "http://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:5432/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "",
  ])("%s is never called", (endpoint) => expect(isPushEndpoint(endpoint, KNOWN)).toBe(false));
});
