import { setTimeout as wait } from "node:timers/promises";
import type { Play, Player, Scenario } from "../play";
import { untilIdle } from "../settle";
import { ifRefused } from "./refused";

const XOF = (random: Play["random"]) => ({
  amount: random.int(3_000, 90_000),
  currency: "XOF",
  method: random.pick(["wave", "orange_money"]),
  phone: "+22670000001",
});
const NGN = (random: Play["random"]) => ({
  amount: random.int(300_000, 9_000_000),
  currency: "NGN",
  method: "card",
});

/** Asks for a deposit until the answer stands: a payment page, or that nobody knows whether there is one. */
async function start(play: Play, player: Player, body: object): Promise<string | null> {
  play.asks(player);
  const reply = await play.post(player, "/api/wallet/deposit", body, play.key());
  const isUnknown = reply.code === "outcome_unknown";
  play.check(reply.status === 200 || isUnknown, `a deposit is begun or unknown, not ${reply.code}`);
  const { reference } = reply.body;
  return typeof reference === "string" ? reference : null;
}

/** Whoever opened the page pays, whether or not our side knows of the page. */
async function payAll(play: Play, player: Player): Promise<void> {
  for (const entry of await play.entriesOf(player, "collection")) {
    if (entry.approval === null) await play.pay(entry);
  }
}

async function untilState(play: Play, player: Player, state: string): Promise<void> {
  for (let look = 0; look < 60; look += 1) {
    const rows = await play.stage.deployment.owner`select 1 from operations
      where wallet_id = ${player.walletId.toString()} and type = 'deposit' and provider <> 'test' and state = ${state}`;
    if (rows.length > 0) return;
    await play.stage.hurry();
    await wait(25);
  }
}

export const DEPOSITS: readonly Scenario[] = [
  {
    name: "a deposit by mobile money, told by webhook",
    reaches:
      /^(deposits\/place-deposit\.(1|2|createCollection)|api\/wallet\/deposit|api\/webhooks|provider-events\/(receive-webhook|process-webhook\.1)|jobs\/process_webhook)/,
    async run(play) {
      const player = await play.person();
      await play.begin();
      await start(play, player, XOF(play.random));
      await payAll(play, player);
      await untilState(play, player, "succeeded");
    },
  },
  {
    name: "a deposit by card: its provider is asked before it is credited",
    reaches: /^provider-events\/process-webhook\.getCollection/,
    async run(play) {
      const player = await play.person();
      await play.begin();
      await start(play, player, NGN(play.random));
      await payAll(play, player);
      await untilState(play, player, "succeeded");
    },
  },
  {
    name: "a deposit that the provider refuses",
    reaches: /^deposits\/place-deposit\.3/,
    async run(play) {
      const player = await play.person();
      await play.begin();
      play.asks(player);
      const body = { ...XOF(play.random), phone: "+22670000402" };
      const reply = await play.post(player, "/api/wallet/deposit", body, play.key());
      const isKnown = reply.code === "provider_declined" || reply.code === "outcome_unknown";
      play.check(isKnown, `a refused deposit is declined or unknown, not ${reply.status} ${reply.code}`);
    },
  },
  {
    name: "a deposit that its payer asks about, before and after paying",
    reaches: /^(deposits\/(request-deposit-check|check-deposit|ask-provider)|jobs\/check_deposit)/,
    async run(play) {
      const player = await play.person();
      // Paid, and never told by webhook.
      const reference = await start(play, player, { ...NGN(play.random), amount: 100_400 });
      const look = () =>
        play.stage.call(`/api/wallet/deposit/${reference}/status`, { token: player.apiKey, method: "GET" });
      await play.begin();
      await look();
      await untilIdle(play.stage);
      await payAll(play, player);
      await play.stage.deployment.owner`delete from rate_limits where key like 'deposit_check%'`;
      await look();
      await untilIdle(play.stage);
    },
  },
  {
    name: "deposits that stay unpaid expire, and are asked about before",
    reaches: /^deposits\/expire-deposits/,
    async run(play) {
      const player = await play.person();
      await start(play, player, NGN(play.random));
      await start(play, player, XOF(play.random));
      await play.begin();
      for (const minutes of [2, 70]) {
        await play.stage.shift(minutes * 60_000);
        await play.stage.sweep();
      }
    },
  },
  {
    name: "a deposit that the deployment asks about by hand",
    reaches: /^deposits\/process-deposit/,
    async run(play) {
      const player = await play.person();
      const reference = await start(play, player, { ...NGN(play.random), amount: 100_400 });
      await payAll(play, player);
      await play.begin();
      const done = await play.stage.verb("processDeposit", { kind: "system" }, reference ?? "");
      play.check(
        done.state === "succeeded",
        `a paid deposit that is asked about succeeds, not ${done.state}`,
      );
    },
  },
  {
    name: "money of another amount, given to its owner by an operator",
    reaches: /^deposits\/assign-suspense/,
    async run(play) {
      const player = await play.person();
      const reference = await start(play, player, { ...XOF(play.random), amount: 1_005 });
      await payAll(play, player);
      await untilState(play, player, "review");
      const [row] = await play.stage.deployment.owner<{ id: string }[]>`select e.id from ledger_entries e
        join webhook_events w on e.source = w.provider || ':' || w.event_key where w.reference = ${reference} and e.step = 'suspense'`;
      await play.begin();
      const order = {
        entryId: BigInt(row?.id ?? 0),
        reference: reference ?? "",
        operator: "Awa",
        note: "proof",
      };
      // The second time there is nothing left to give.
      await play.stage.verb("assignSuspense", { kind: "system" }, order).catch(ifRefused("not_found", null));
      const [given] = await play.stage.deployment.owner<
        { reference: string }[]
      >`select reference from operations
        where wallet_id = ${player.walletId.toString()} and state = 'succeeded'`;
      play.check(given !== undefined, "the money is given as a deposit");
      if (given) play.decided.add(given.reference);
      play.asks(player);
    },
  },
];
