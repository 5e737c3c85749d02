import net from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { requireDatabase } from "./require-database";

const { db } = await useDatabase();

async function timed(work: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work;
  return performance.now() - from;
}

it("a database that answers lets every call through", async () => {
  await Promise.all(Array.from({ length: 20 }, () => requireDatabase(db)));
});

it("one that accepts connections and says nothing is unavailable within three seconds, for all who wait", async () => {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const silent = openDatabase(`postgres://app:x@127.0.0.1:${port}/cauris`, { max: 2, name: "silent" });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await closeDatabase(silent).catch(() => {});
  });
  const calls = Array.from({ length: 10 }, () =>
    expect(requireDatabase(silent)).rejects.toMatchObject({ code: "unavailable" }),
  );
  expect(await timed(Promise.all(calls))).toBeLessThan(3_000);
});

it("one that refuses connections is unavailable within three seconds", async () => {
  const gone = openDatabase("postgres://app:x@127.0.0.1:1/cauris", { max: 2, name: "gone" });
  onTestFinished(() => closeDatabase(gone).catch(() => {}));
  const call = expect(requireDatabase(gone)).rejects.toMatchObject({ code: "unavailable" });
  expect(await timed(call)).toBeLessThan(3_000);
});
