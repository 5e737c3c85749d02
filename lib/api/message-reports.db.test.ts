import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/client-address";
import { newKey } from "@/lib/ids";
import { createAfricasTalking } from "@/lib/messaging/africas-talking";
import type { Channel } from "@/lib/messaging/channel";
import { createOrangeSms } from "@/lib/messaging/orange-sms";
import { overrideChannels } from "@/lib/messaging/registry";
import { createTermii } from "@/lib/messaging/termii";
import { queueMessage } from "@/lib/services/messages/queue-message";
import { sendMessage } from "@/lib/services/messages/send-message";
import { createApiLimits } from "./limits";
import { messageReportRoute } from "./message-reports";

const { db, owner } = await useDatabase();
const SECRET = "r".repeat(43);
const REFUSED_MAX = 5;
const shared = { apiUrl: "http://127.0.0.1:1", callbackSecret: SECRET, countries: ["BF"] as const };

interface Vendor {
  channel: Channel;
  report(id: string, isDelivered: boolean): string;
}

const VENDORS: Record<string, Vendor> = {
  orange_sms: {
    channel: createOrangeSms({
      ...shared,
      clientId: "c",
      clientSecret: "s",
      senderNumber: "+2260000",
      senderName: null,
    }),
    report: (id, isDelivered) =>
      JSON.stringify({
        deliveryInfoNotification: {
          callbackData: id,
          deliveryInfo: { deliveryStatus: isDelivered ? "DeliveredToTerminal" : "DeliveryImpossible" },
        },
      }),
  },
  termii: {
    channel: createTermii({ ...shared, apiKey: "k", senderId: "Cauris", route: "dnd" }),
    report: (id, isDelivered) =>
      JSON.stringify({ message_id: id, status: isDelivered ? "DELIVERED" : "Message Failed" }),
  },
  africas_talking: {
    channel: createAfricasTalking({ ...shared, username: "u", apiKey: "k", senderId: null }),
    report: (id, isDelivered) => `id=${id}&status=${isDelivered ? "Success" : "Failed"}`,
  },
};

/** The vendor's channel, which takes every message under the id that `id` says. */
const taking = (channel: Channel, id: () => Promise<string>): Channel => ({
  ...channel,
  send: async () => ({ vendorMessageId: await id() }),
});

let nextId = "";
beforeEach(() => {
  nextId = newKey();
  overrideChannels(Object.values(VENDORS).map(({ channel }) => taking(channel, async () => nextId)));
});
afterAll(() => overrideChannels(null));

const routeOf = (vendor: string) =>
  messageReportRoute(
    vendor,
    () => db,
    createApiLimits({ key: 1, account: 1, address: 1, refused: REFUSED_MAX, transfers: 1 }),
  );

const pathOf = (vendor: string) => `/webhook/messages/${vendor.replace("_", "-")}`;

function post(route: ReturnType<typeof routeOf>, vendor: string, body: string, secret = SECRET) {
  const headers = {
    [CLIENT_ADDRESS_HEADER]: "203.0.113.9",
    "content-length": String(Buffer.byteLength(body)),
  };
  return route(new Request(`http://localhost${pathOf(vendor)}/${secret}`, { method: "POST", headers, body }));
}

/** A message that `vendor` took under {@link nextId}. */
async function sent(vendor: string): Promise<bigint> {
  const all = Object.values(VENDORS).map(({ channel }) => channel);
  overrideChannels(
    all.filter((each) => each.vendor === vendor).map((each) => taking(each, async () => nextId)),
  );
  const id = await queued();
  await sendMessage({ actor: { kind: "system" }, requestId: newKey(), db, now: new Date() }, id, {
    isLastTry: false,
  });
  overrideChannels(all);
  return id;
}

async function queued(): Promise<bigint> {
  const key = newKey();
  const to = "+22670000001";
  await inTransaction(db, (tx) =>
    queueMessage(tx, {
      channel: "sms",
      to,
      userId: null,
      text: "Cauris",
      purpose: "notice",
      locale: "fr",
      key,
    }),
  );
  const [row] = await owner<{ id: string }[]>`select id from outgoing_messages where key = ${key}`;
  return BigInt(row?.id ?? 0);
}

async function stateOf(id: bigint): Promise<string> {
  const [row] = await owner<
    { state: string }[]
  >`select state from outgoing_messages where id = ${id.toString()}`;
  return row?.state ?? "missing";
}

describe.each(Object.entries(VENDORS))("%s", (vendor, { report }) => {
  it("says that a message was delivered; a repeated report and a later one change nothing", async () => {
    const id = await sent(vendor);
    const route = routeOf(vendor);
    expect((await post(route, vendor, report(nextId, true))).status).toBe(200);
    expect(await stateOf(id)).toBe("delivered");
    expect((await post(route, vendor, report(nextId, true))).status).toBe(200);
    expect((await post(route, vendor, report(nextId, false))).status).toBe(200);
    expect(await stateOf(id)).toBe("delivered");
    const rows = await owner`select id from message_reports where vendor_message_id = ${nextId}`;
    expect(rows).toHaveLength(2);
  });

  it("says that a message wasn't delivered", async () => {
    const id = await sent(vendor);
    await post(routeOf(vendor), vendor, report(nextId, false));
    expect(await stateOf(id)).toBe("undelivered");
  });

  it("reports before we know the message's id", async () => {
    const route = routeOf(vendor);
    expect((await post(route, vendor, report(nextId, true))).status).toBe(200);
    expect(await stateOf(await sent(vendor))).toBe("delivered");
  });

  it("reports at the same time as its answer comes", async () => {
    for (let round = 0; round < 10; round += 1) {
      nextId = newKey();
      const [id] = await Promise.all([sent(vendor), post(routeOf(vendor), vendor, report(nextId, true))]);
      expect(await stateOf(id)).toBe("delivered");
    }
  });

  it("is refused with another secret, then for a while, but never with the right one", async () => {
    const route = routeOf(vendor);
    const body = report(newKey(), true);
    for (let count = 0; count < REFUSED_MAX; count += 1) {
      expect((await post(route, vendor, body, "w".repeat(43))).status).toBe(400);
    }
    expect((await post(route, vendor, body, "w".repeat(43))).status).toBe(429);
    expect((await post(route, vendor, body)).status).toBe(200);
  });

  it.each(["", "{", '{"status":1}', "id=&status="])(
    "is answered 200 for %j, which it needn't repeat",
    async (body) => {
      expect((await post(routeOf(vendor), vendor, body)).status).toBe(200);
    },
  );

  it("is refused when the body is longer than any report", async () => {
    expect((await post(routeOf(vendor), vendor, "x".repeat(9_000))).status).toBe(413);
  });

  it("has no address where it isn't configured", async () => {
    overrideChannels([]);
    expect((await post(routeOf(vendor), vendor, report(newKey(), true))).status).toBe(404);
  });
});
