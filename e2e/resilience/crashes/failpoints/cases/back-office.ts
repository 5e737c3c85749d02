import { setTimeout as wait } from "node:timers/promises";
import type { Play, Scenario } from "../play";
import { untilIdle } from "../settle";
import { ifRefused } from "./refused";

const SYSTEM = { kind: "system" } as const;
const HOUR_MS = 3_600_000;

/** A paid deposit of another amount: its event waits for a person. */
async function needsReview(play: Play): Promise<bigint> {
  const player = await play.person();
  play.asks(player);
  const body = { amount: 1_005, currency: "XOF", method: "wave", phone: "+22670000001" };
  const { reference } = await play.ok(player, "/api/wallet/deposit", body, play.key());
  for (const entry of await play.entriesOf(player, "collection")) await play.pay(entry);
  const find = () => play.stage.deployment.owner<{ id: string }[]>`
    select id from webhook_events where reference = ${String(reference)} and state = 'needs_review'`;
  for (let look = 0; look < 400 && (await find()).length === 0; look += 1) {
    await untilIdle(play.stage);
    // Its webhook may still be on its way.
    await wait(25);
  }
  const [row] = await find();
  return BigInt(row?.id ?? 0);
}

async function untilPaid(play: Play, reference: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const rows = await play.stage.deployment
      .owner`select 1 from operations where reference = ${reference} and state = 'paid'`;
    if (rows.length > 0) return;
    await play.stage.mend();
    await wait(25);
  }
}

function hide(play: Play, reference: string, forMs: number): void {
  const entry = play.entryOf("payout", reference);
  if (entry?.paystack) entry.paystack.hiddenUntil = new Date(Date.now() + forMs).toISOString();
}

export const OFFICE: readonly Scenario[] = [
  {
    name: "a webhook event in review is replayed, and closed by an operator",
    reaches: /^provider-events\/(replay-webhook|close-webhook)/,
    async run(play) {
      const eventId = await needsReview(play);
      await play.begin();
      await play.stage.verb("replayWebhook", SYSTEM, eventId);
      await untilIdle(play.stage);
      const order = { eventId, operator: "Awa", note: "proof" };
      await play.stage.verb("closeWebhook", SYSTEM, order).catch(ifRefused("not_found", null));
      const [row] = await play.stage.deployment.owner<{ state: string; decisions: number }[]>`
        select state, (select count(*)::int from decisions where event_id = e.id) as decisions
        from webhook_events e where id = ${eventId.toString()}`;
      const isClosed = row?.state === "processed" && row.decisions === 1;
      play.check(isClosed, `an event is closed by one decision, not ${JSON.stringify(row)}`);
    },
  },
  {
    name: "an event whose job was lost is taken up by the sweep",
    reaches: /^provider-events\/requeue-webhooks/,
    async run(play) {
      const player = await play.person();
      await play.begin();
      play.asks(player);
      const body = {
        amount: play.random.int(3_000, 9_000),
        currency: "XOF",
        method: "wave",
        phone: "+22670000001",
      };
      await play.post(player, "/api/wallet/deposit", body, play.key());
      for (const entry of await play.entriesOf(player, "collection")) await play.pay(entry);
      await play.stage.shift(2 * 60_000);
      await play.stage.sweep();
      await untilIdle(play.stage);
    },
  },
  {
    name: "a job that was written again while it ran, and failed, is ended by the sweep",
    reaches: /^outbox\/clear-replaced-jobs/,
    async run(play) {
      await play.begin();
      const { owner } = play.stage.deployment;
      await owner`select graphile_worker.add_job('check_deposit', '{"operationId":"0"}', run_at => now() + interval '1 day', max_attempts => 1, job_key => 'replaced')`;
      await owner`update graphile_worker._private_jobs set key = null, attempts = 1 where key = 'replaced'`;
      await play.stage.sweep();
      const left =
        await owner`select from graphile_worker._private_jobs where key is null and attempts >= max_attempts`;
      play.check(left.length === 0, `no replaced job is left, not ${left.length}`);
    },
  },
  {
    name: "our book is compared with the providers', by hand and by the hour",
    reaches: /^(reconciliation\/|jobs\/reconcile|ledger\/(roll-checkpoints|sealing\/))/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      play.asks(player);
      const bank = { bank_code: "058", account_number: "0123456789" };
      const body = { amount: 700_000, currency: "NGN", method: "bank", ...bank };
      const { reference } = await play.ok(player, "/api/wallet/withdraw", body, play.key());
      const operation = String(reference);
      await untilPaid(play, operation);
      // The provider's list doesn't show it for a while: it is asked about by itself.
      hide(play, operation, HOUR_MS);
      await play.begin();
      await play.stage.shift(HOUR_MS);
      const now = Date.now();
      const window = { from: new Date(now - 2 * HOUR_MS), to: new Date(now + HOUR_MS) };
      await play.stage.verb("reconcile", SYSTEM, window);
      hide(play, operation, 0);
      await play.stage.shift((26 + play.random.int(0, 500)) * HOUR_MS);
      await play.stage.sweep();
      await untilIdle(play.stage);
    },
  },
];
