import { once } from "node:events";
import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { openDatabase } from "./client";

const CONNECTIONS = 8;
const OUTAGE_MS = 1_500;
const BACK_WITHIN_MS = 2_500;

// Found by npm run resilience -- --only kills --seed 3: the driver's own pause between attempts grows to twenty seconds when many queries fail.
it("a pool reconnects soon after an outage of its database, however many queries failed during it", async () => {
  const port = await freePort();
  const db = openDatabase(`postgres://nobody:nothing@127.0.0.1:${port}/none`, {
    max: CONNECTIONS,
    name: "cauris test",
  });
  let isOver = false;
  const querying = Array.from({ length: 10 }, async () => {
    while (!isOver) {
      await db.$client`select 1`.catch(() => {});
      await wait(10);
    }
  });
  await wait(OUTAGE_MS);
  const connections: net.Socket[] = [];
  const server = net.createServer((socket) => void connections.push(socket));
  server.listen(port, "127.0.0.1");
  await expect.poll(() => connections.length, { timeout: BACK_WITHIN_MS }).toBe(CONNECTIONS);
  isOver = true;
  await db.$client.end({ timeout: 0 });
  server.close();
  for (const socket of connections) socket.destroy();
  await Promise.all(querying);
}, 30_000);

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
