import type { Sql } from "postgres";

/** What isn't finished yet. */
export interface Open {
  jobs: number;
  /** Webhooks that aren't processed. */
  events: number;
  /** References, states and reasons of operations that wait for a provider. */
  operations: string[];
}

/** What is open; of operations those of one type if it is given. */
export async function findOpen(owner: Sql, type: string | null = null): Promise<Open> {
  const [open] = await owner<[Open]>`
    select (select count(*)::int from graphile_worker._private_jobs j where not exists (
        -- An expired deposit is checked for days in case it is paid late: that job isn't unfinished work.
        select from operations o where j.key = 'check_deposit:' || o.id and o.state = 'expired')) as jobs,
      (select count(*)::int from webhook_events where state = 'received') as events,
      array(select concat_ws(' ', o.reference, o.state, o.reason) from operations o join operation_states s using (type, state)
        where s.awaits = 'provider' and o.type = coalesce(${type}, o.type)) as operations`;
  return open;
}

export const isNothingOpen = ({ jobs, events, operations }: Open): boolean =>
  jobs + events + operations.length === 0;
