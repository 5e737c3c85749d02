import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";

/** Whose data is read. */
export interface DataOwner {
  userId: bigint;
  walletId: bigint;
}

/** A row as JSON text, and what the next page begins behind. */
export interface DataRow {
  key: string;
  json: string;
}

/** A page of rows whose keys follow `after`, in their order. */
export type ReadPage = (reader: Reader, owner: DataOwner, after: string, limit: number) => Promise<DataRow[]>;

/** The person: no password, and of what they sign in with only that it exists. */
export async function readProfile(reader: Reader, { userId }: DataOwner): Promise<string> {
  const [row] = await preparedSql(reader)<{ json: string }[]>`
    select jsonb_build_object('email', u.email, 'email_verified_at', u.email_verified_at, 'phone', u.phone,
      'phone_verified_at', u.phone_verified_at, 'former_phone', u.former_phone, 'first_name', u.first_name,
      'last_name', u.last_name, 'locale', u.locale, 'picture_url', u.picture_url,
      'is_payable_by_phone', u.is_payable_by_phone, 'created_at', u.created_at, 'updated_at', u.updated_at,
      'has_password', u.password_hash is not null,
      'pin_set_at', (select p.updated_at from pins p where p.user_id = u.id),
      'authenticator_app_since', (select t.confirmed_at from totp_secrets t where t.user_id = u.id),
      'identity_providers', (select coalesce(jsonb_agg(jsonb_build_object('provider', i.provider, 'since', i.created_at)), '[]')
        from identities i where i.user_id = u.id),
      'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'created_at', k.created_at,
        'last_used_at', k.last_used_at) order by k.id), '[]') from passkeys k where k.user_id = u.id),
      'notice_choices', (select coalesce(jsonb_agg(jsonb_build_object('group', c."group", 'channel', c.channel,
        'is_on', c.is_on)), '[]') from notice_choices c where c.user_id = u.id))::text as json
    from users u where u.id = ${userId.toString()}`;
  return row?.json ?? "null";
}

/** The wallet with the balance of each of its ledger accounts that was ever opened, vaults included. */
export async function readWallet(reader: Reader, { walletId }: DataOwner): Promise<string> {
  const id = walletId.toString();
  const [row] = await preparedSql(reader)<{ json: string }[]>`
    select jsonb_build_object('number', w.number, 'created_at', w.created_at, 'frozen_at', w.frozen_at,
      'balances', (select coalesce(jsonb_agg(jsonb_build_object('account', substring(a.address from ${`wallet/${id}/`.length + 1}::int),
        'currency', a.currency, 'balance_minor', ledger_balance(a.id)) order by a.address), '[]')
        from (
          select ledger_address_available(w.id, c.code) as address from currencies c
          union all select ledger_address_held(w.id, c.code) from currencies c
          union all select ledger_address_owed(w.id, c.code) from currencies c
          union all select ledger_address_vault(w.id, v.currency, v.id) from vaults v where v.wallet_id = w.id
        ) own join ledger_accounts a on a.address = own.address))::text as json
    from wallets w where w.id = ${id}`;
  return row?.json ?? "null";
}

/** Both sides' operations, with every state that they went through. */
export const readOperations: ReadPage = async (reader, { walletId }, after, limit) => {
  const wallet = walletId.toString();
  return await preparedSql(reader)<DataRow[]>`
    with page as (
      (select id from operations where wallet_id = ${wallet} and id > ${after}
        order by wallet_id, id limit ${limit})
      union
      (select id from operations where counterparty_wallet_id = ${wallet} and id > ${after}
        order by counterparty_wallet_id, id limit ${limit})
      order by id limit ${limit}
    )
    select o.id::text as key, jsonb_build_object('reference', o.reference, 'type', o.type, 'state', o.state, 'reason', o.reason,
      'is_received', o.wallet_id <> ${wallet}, 'currency', o.currency, 'amount_minor', o.amount_minor, 'fee_minor', o.fee_minor,
      'method', o.method, 'provider', o.provider, 'provider_reference', o.provider_reference, 'phone', o.phone,
      'bank_name', o.bank_name, 'account_number', o.account_number, 'account_name', o.account_name,
      'counterparty_wallet_number', (select w.number from wallets w where w.id =
        case when o.wallet_id = ${wallet} then o.counterparty_wallet_id else o.wallet_id end),
      'vault_id', o.vault_id, 'note', o.note, 'created_at', o.created_at, 'updated_at', o.updated_at,
      'events', (select coalesce(jsonb_agg(jsonb_build_object('state', e.to_state, 'reason', e.reason, 'at', e.created_at)
        order by e.id), '[]') from operation_events e where e.operation_id = o.id))::text as json
    from page p join operations o on o.id = p.id order by o.id`;
};

export const readVaults: ReadPage = async (reader, { walletId }, after, limit) =>
  await preparedSql(reader)<DataRow[]>`
    select v.id::text as key, jsonb_build_object('id', v.id, 'name', v.name, 'currency', v.currency, 'goal_minor', v.goal_minor,
      'locked_until', v.locked_until, 'created_at', v.created_at, 'closed_at', v.closed_at)::text as json
    from vaults v where v.wallet_id = ${walletId.toString()} and v.id > ${after} order by v.id limit ${limit}`;

/** Requests that the person made, and those that ask them; without the links that pay them. */
export const readMoneyRequests: ReadPage = async (reader, { walletId }, after, limit) => {
  const wallet = walletId.toString();
  return await preparedSql(reader)<DataRow[]>`
    select r.id::text as key, jsonb_build_object('id', r.id, 'is_asked_of_you', r.wallet_id <> ${wallet},
      'currency', r.currency, 'amount_minor', r.amount_minor, 'note', r.note, 'state', r.state,
      'payment_reference', r.payment_reference, 'created_at', r.created_at, 'expires_at', r.expires_at,
      'closed_at', r.closed_at)::text as json
    from money_requests r
    where (r.wallet_id = ${wallet} or r.payer_wallet_id = ${wallet})
      and r.id > case when ${after}::text = '0' then '00000000-0000-0000-0000-000000000000' else ${after}::text end::uuid
    order by r.id limit ${limit}`;
};

export const readNotices: ReadPage = async (reader, { userId }, after, limit) =>
  await preparedSql(reader)<DataRow[]>`
    select n.id::text as key, jsonb_build_object('kind', n.kind, 'details', n.details,
      'reference', (select o.reference from operations o where o.id = n.operation_id),
      'created_at', n.created_at, 'read_at', n.read_at)::text as json
    from notices n where n.user_id = ${userId.toString()} and n.id > ${after} order by n.id limit ${limit}`;

/** Their names and what they may do: never a key nor its hash. */
export const readApiKeys: ReadPage = async (reader, { userId }, after, limit) =>
  await preparedSql(reader)<DataRow[]>`
    select k.id::text as key, jsonb_build_object('name', k.name, 'prefix', k.prefix, 'permissions', k.permissions,
      'created_at', k.created_at, 'expires_at', k.expires_at, 'revoked_at', k.revoked_at, 'last_used_at', k.last_used_at)::text as json
    from api_keys k where k.user_id = ${userId.toString()} and k.id > ${after} order by k.id limit ${limit}`;

/** Devices and times: a session's id is what signs in with it. */
export const readSessions: ReadPage = async (reader, { userId }, after, limit) =>
  await preparedSql(reader)<DataRow[]>`
    select n.position::text as key, n.json from (
      select row_number() over (order by s.created_at, s.id) as position, jsonb_build_object('device', s.device,
        'created_at', s.created_at, 'last_seen_at', s.last_seen_at, 'expires_at', s.expires_at, 'revoked_at', s.revoked_at)::text as json
      from sessions s where s.user_id = ${userId.toString()}
    ) n where n.position > ${after} order by n.position limit ${limit}`;
