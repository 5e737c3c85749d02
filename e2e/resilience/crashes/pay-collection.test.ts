import { afterAll, beforeAll, expect, it } from "vitest";
import {
  adapterEnv,
  collect,
  type Fixture,
  newReference,
  startGetMiPayFixture,
} from "@/e2e/support/getmipay-fixture";
import { type Script, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { payCollection } from "./pay-collection";

let fixture: Fixture;
/** In front of the sandbox's payment page. */
let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer();
  fixture = await startGetMiPayFixture((url) =>
    createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(url))),
  );
});
afterAll(() => Promise.all([server.close(), fixture.close()]));

/** Pays a new collection through connections that end like this after the sandbox received the payment. */
async function pay(...ends: Script[]) {
  const reference = newReference();
  await collect(fixture, reference, 5000);
  const entry = fixture.sandbox.book.find("collection", reference);
  if (!entry) throw new Error("the sandbox has no entry of the collection");
  const received: Promise<unknown>[] = [];
  server.script(({ method, path, headers, body }) => {
    const type = { "content-type": String(headers["content-type"]) };
    received.push(
      fetch(fixture.sandbox.url + path, { method, headers: type, body, redirect: "manual" }).then(
        (response) => response.arrayBuffer(),
      ),
    );
    return ends.shift() ?? { status: 500 };
  });
  const paid = payCollection(server, entry);
  await paid.catch(() => {});
  await Promise.all(received);
  await expect.poll(() => entry.timesPaid).toBeGreaterThan(0);
  return { paid, tries: received.length, timesPaid: entry.timesPaid };
}

it("is sent again when the connection is lost, and pays once", async () => {
  const { paid, ...result } = await pay("reset", "reset", { status: 303 });
  await expect(paid).resolves.toBeUndefined();
  expect(result).toEqual({ tries: 3, timesPaid: 1 });
});

it("fails when the connection is lost each time", async () => {
  await expect((await pay("reset", "reset", "reset")).paid).rejects.toThrow("fetch failed");
});
