import type { Deployment } from "@/e2e/resilience/deployment";

const SETTLED_WITHIN_MS = 60_000;

/**
 * Waits until no job, open withdrawal or undelivered webhook is left. False after a minute. Ages submissions whose worker
 * died, so that they count as abandoned at once.
 */
export async function waitUntilSettled(deployment: Deployment): Promise<boolean> {
  return await deployment.settle(async () => {
    await deployment.owner`update operations o set updated_at = updated_at - interval '1 minute' where o.state = 'submitting'
      and o.updated_at > now() - interval '30 seconds' and not exists (select from graphile_worker._private_jobs j
        where j.locked_at is not null and j.payload->>'operationId' = o.id::text)`;
    return isProviderDone(deployment) && (await countOpen(deployment)) === 0;
  }, SETTLED_WITHIN_MS);
}

/** True when the provider has settled everything and delivered all webhooks. */
function isProviderDone({ sandbox }: Deployment): boolean {
  const entries = [...sandbox.book.list("collection"), ...sandbox.book.list("payout")];
  return entries.every(({ approval, stepsDone, webhooks }) => {
    return approval === null || (stepsDone > 0 && webhooks.every(({ delivered }) => delivered));
  });
}

/** Number of open withdrawals, unprocessed webhooks and jobs. */
export async function countOpen({ owner }: Deployment): Promise<number> {
  const [row] = await owner<{ open: number }[]>`select (
    (select count(*) from operations where type = 'withdrawal' and (type, state) in (select s.type, s.state from operation_states s where s.awaits = 'provider'))
    + (select count(*) from webhook_events where state = 'received')
    + (select count(*) from graphile_worker._private_jobs))::int as open`;
  return row?.open ?? -1;
}
