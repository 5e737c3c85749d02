import {
  createAccessToken,
  insertApiKeys,
  insertApiSession,
  insertExpiredKey,
  SESSION_COOKIE,
  sessionCookieValue,
  type TestKey,
} from "@/e2e/support/credentials";
import { createUser, fundWallet, recordPendingDeposit, type TestUser } from "@/e2e/support/people";
import { put, vaultOf } from "@/e2e/support/vaults";
import type { TokenSettings } from "@/lib/auth/token-settings";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { API_PERMISSIONS, type ApiPermission } from "@/lib/services/api-access/keys/schema";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import type { Deployment } from "../deployment";
import { IdentityObjects } from "./identity-objects";
import * as objects from "./tontine-objects";

/** What only its owner may read: words and amounts that occur nowhere else in the deployment. */
export interface PrivateData {
  firstName: string;
  lastName: string;
  phone: string;
  /** In the e-mail address, in the names of vaults and keys and in notes. */
  label: string;
  /** The balance in francs. */
  francs: bigint;
  /** The balance in kobo. */
  kobo?: bigint;
}

const [MISSING_UUID, MISSING_NUMBER] = ["7b0c7a52-4e0e-4a57-9d35-0e8b2f1f6a11", "900000000001"];
/** Of a tontine. */
const MISSING_CODE = "ZZZZZ2";

/** Objects of a user that a request can name, each with a well-formed id of none. */
const MISSING = {
  session: MISSING_UUID,
  pendingDeposit: "TXN-NZBZDYSZWN22",
  vault: MISSING_NUMBER,
  emptyVault: MISSING_NUMBER,
  statementFile: MISSING_UUID,
  transferQuote: MISSING_UUID,
  withdrawalQuote: MISSING_UUID,
  ownRequest: MISSING_UUID,
  receivedRequest: MISSING_UUID,
  requestQuote: MISSING_UUID,
  receiptLink: MISSING_UUID,
  expiredKey: MISSING_NUMBER,
  liveKey: MISSING_NUMBER,
  passkey: MISSING_NUMBER,
  contactChallenge: MISSING_UUID,
  provenChallenge: MISSING_UUID,
  pinChallenge: MISSING_UUID,
  tontine: MISSING_CODE,
  openTontine: MISSING_CODE,
  paidTontine: MISSING_CODE,
  tontineDue: MISSING_NUMBER,
};
export type ObjectKind = keyof typeof MISSING;

/** Creates an object of a user, or finds one, and returns its id. */
export type ObjectIds = Readonly<Record<ObjectKind, () => Promise<string>>>;

/** Ids by a function of their kind. */
export function idsBy(find: (kind: ObjectKind) => Promise<string>): ObjectIds {
  const kinds = Object.keys(MISSING) as ObjectKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, () => find(kind)])) as ObjectIds;
}

export const NONEXISTENT = idsBy(async (kind) => MISSING[kind]);

/** The PIN and the password of everybody. */
export const PIN = "2468";
export const PASSWORD = "le marché de Rood Woko";

const VAULT_FRANCS = 5_000n;
const TOKEN_MINUTES = 1_440;
const QUOTE_MS = 600_000;
/** Of at most twenty open ones. */
const REQUESTS_KEPT = 10;

/** A user with money, a vault, API keys and open orders, and valid and forged credentials of the user. */
export class Person implements ObjectIds {
  /** Keys that callers use: {@link makeRoom} leaves them. */
  readonly #heldKeys: string[] = [];
  /** What identifies the user besides the credentials of callers. */
  readonly identity: IdentityObjects;
  #pending: Promise<string> | undefined;
  #vault: Promise<string> | undefined;
  #tontine: Promise<string> | undefined;
  #paidTontine: Promise<string> | undefined;

  private constructor(
    private readonly deployment: Deployment,
    readonly user: TestUser,
    readonly privateData: PrivateData,
    /** The recipient of quoted transfers. */
    readonly payee: Person | null,
  ) {
    const { phone, label } = privateData;
    this.identity = new IdentityObjects(deployment, { userId: user.userId, phone, label });
  }

  static async create(deployment: Deployment, privateData: PrivateData, payee: Person | null = null) {
    const { db } = deployment;
    const { firstName, lastName, phone, label, francs, kobo = 0n } = privateData;
    const email = `${label.toLowerCase()}@example.test`;
    const secrets = { password: PASSWORD, pin: PIN };
    const contacts = { email, phone, phoneVerifiedAt: new Date() };
    const user = await createUser(db, { ...contacts, firstName, lastName, ...secrets });
    const person = new Person(deployment, user, privateData, payee);
    await fundWallet(db, user.walletId, money(francs + VAULT_FRANCS, "XOF"), person.#source());
    const card = { provider: "paystack", method: null, phone: null };
    if (kobo > 0n) await fundWallet(db, user.walletId, money(kobo, "NGN"), card);
    await person.vault();
    return person;
  }

  #source() {
    return { provider: "getmipay", method: "wave", phone: this.privateData.phone };
  }

  /** The id of a new session of the pages. */
  session(): Promise<string> {
    return startSession(this.deployment.context(), this.user.userId, this.privateData.label);
  }

  /** The reference of a pending deposit: always the same one. */
  pendingDeposit(): Promise<string> {
    const { db } = this.deployment;
    this.#pending ??= recordPendingDeposit(db, this.user.walletId, money(1_500n, "XOF"), this.#source());
    return this.#pending;
  }

  /** A vault with money in it: always the same one. */
  vault(): Promise<string> {
    this.#vault ??= this.#createVault().then(async (vaultId) => {
      await put(this.user.context, vaultId, VAULT_FRANCS);
      return vaultId;
    });
    return this.#vault;
  }

  /** A new vault without money. Closes all others but {@link vault}, to make room: a person has twenty at most. */
  async emptyVault(): Promise<string> {
    const kept = await this.vault();
    await this.deployment.owner`update vaults set closed_at = clock_timestamp()
      where wallet_id = ${this.user.walletId.toString()} and closed_at is null and id <> ${kept}`;
    return await this.#createVault();
  }

  #createVault(): Promise<string> {
    return vaultOf(this.user, { name: `${this.privateData.label} coffre` });
  }

  /** The id of a file that is ready to be downloaded. Inserted directly: the verb has limits, and the worker makes it. */
  async statementFile(): Promise<string> {
    const { owner } = this.deployment;
    const id = newKey();
    const bytes = Buffer.from(`\ufeff${this.privateData.label}\r\n`);
    await owner`
      insert into statement_files (id, user_id, kind, format, locale, time_zone, currency, from_day, to_day, state, attempt,
        byte_count, ready_at, expires_at)
      values (${id}, ${this.user.userId.toString()}, 'statement', 'csv', 'fr', 'Africa/Abidjan', 'XOF', '2026-01-01', '2026-01-31',
        'ready', 1, ${bytes.length}, clock_timestamp(), clock_timestamp() + interval '7 days')`;
    await owner`
      insert into statement_file_chunks (file_id, attempt, position, bytes) values (${id}, 1, 0, ${bytes})`;
    return id;
  }

  /** The code of a running tontine in which the person owes a contribution: always the same one. */
  tontine(): Promise<string> {
    this.#tontine ??= objects.runningTontineOf(this.deployment, this.user, PIN);
    return this.#tontine;
  }

  /** The code of a running tontine whose first pot waits for approval: always the same one. */
  paidTontine(): Promise<string> {
    this.#paidTontine ??= objects.paidTontineOf(this.deployment, this.user, PIN);
    return this.#paidTontine;
  }

  /** The payout that waits in {@link paidTontine}. */
  async proposedPayout(): Promise<string> {
    const rows = await this.deployment.owner<{ id: string }[]>`
      select p.id from tontine_payouts p join tontines t on t.id = p.tontine_id
      where t.code = ${await this.paidTontine()} order by p.id limit 1`;
    return rows[0]?.id ?? "1";
  }

  /** The newest decision of {@link tontine}, which the person has opened. */
  async openDecision(): Promise<string> {
    return await objects.openDecisionOf(this.deployment, this.user, await this.tontine(), PIN);
  }

  /** The newest dispute of {@link tontine}, which the person has opened. */
  async openDispute(): Promise<string> {
    return await objects.openDisputeOf(this.deployment, this.user, await this.tontine());
  }

  /** The code of a new tontine that the person has founded and opened for others. */
  openTontine(): Promise<string> {
    return objects.openTontineOf(this.user, 12);
  }

  /** The person's membership of {@link tontine}. */
  async tontineMember(): Promise<string> {
    return await objects.membershipOf(this.deployment, this.user, await this.tontine());
  }

  /** The membership of the other officer of {@link tontine}, who joined last. */
  async otherTontineMember(): Promise<string> {
    return await objects.lastMemberOf(this.deployment, await this.tontine());
  }

  /** The first turn of {@link tontine}. */
  async tontineTurn(): Promise<string> {
    return await objects.firstTurnOf(this.deployment, await this.tontine());
  }

  /** The token of a place that somebody hands over, in a group of the payee's. */
  async placeToken(): Promise<string> {
    return await objects.offeredPlaceOf(this.deployment, await (this.payee ?? this).tontine(), PIN);
  }

  /** A guarantee that the person has asked another member of {@link tontine} for; one that was ended is asked for anew. */
  async tontineGuarantee(): Promise<string> {
    const code = await this.tontine();
    const [open] = await this.deployment.owner<{ id: string }[]>`
      select g.id from tontine_guarantees g join tontines t on t.id = g.tontine_id
      where t.code = ${code} and g.state = 'offered' and g.member_id = ${await this.tontineMember()}`;
    return open?.id ?? (await objects.guaranteeOf(this.user, code));
  }

  /** One of them. */
  async tontineDue(): Promise<string> {
    return (await this.tontineDues()).split(" ")[0] ?? "";
  }

  /** The ids of what the person owes, or once it is paid of what was owed, in {@link tontine}. */
  async tontineDues(): Promise<string> {
    const rows = await this.deployment.owner<{ id: string }[]>`
      select d.id from tontine_dues d join tontine_share_holders h on h.id = d.holder_id
      join tontine_members m on m.id = h.member_id join tontines t on t.id = m.tontine_id
      where t.code = ${await this.tontine()} and m.user_id = ${this.user.userId.toString()}`;
    return rows.map(({ id }) => id).join(" ");
  }

  transferQuote(requestId: string | null = null): Promise<string> {
    const counterparty = this.payee?.user.walletId.toString() ?? null;
    const to = { counterparty_wallet_id: counterparty, note: this.privateData.label };
    return this.#quote({ type: "transfer", ...to, money_request_id: requestId });
  }

  withdrawalQuote(): Promise<string> {
    return this.#quote({ type: "withdrawal", method: "orange_money", phone: this.privateData.phone });
  }

  /** The id of a new request for money that the person made. */
  ownRequest(): Promise<string> {
    return this.#request(this, null);
  }

  /** The id of a new request for money that the payee asked the person by name. */
  receivedRequest(): Promise<string> {
    return this.#request(this.payee ?? this, this);
  }

  /** The id of a new link to the receipt of {@link pendingDeposit}. */
  async receiptLink(): Promise<string> {
    const id = newKey();
    const wallet = this.user.walletId.toString();
    await this.deployment.owner`
      insert into receipt_links (id, token_hash, operation_id, wallet_id, expires_at)
      select ${id}, ${Buffer.from(id)}, o.id, ${wallet}, clock_timestamp() + interval '1 day'
      from operations o where o.reference = ${await this.pendingDeposit()}`;
    return id;
  }

  /** A quote of the person that pays a request of the payee. */
  async requestQuote(): Promise<string> {
    return await this.transferQuote(await this.receivedRequest());
  }

  /** Inserted directly: the verb has limits. */
  async #request({ user }: Person, payer: Person | null): Promise<string> {
    const id = newKey();
    await this.deployment.owner`
      insert into money_requests (id, token_hash, wallet_id, payer_wallet_id, currency, amount_minor, note, expires_at)
      values (${id}, ${Buffer.from(newKey())}, ${user.walletId.toString()}, ${payer?.user.walletId.toString() ?? null}, 'XOF', 500,
        ${this.privateData.label}, clock_timestamp() + interval '1 day')`;
    return id;
  }

  /** Inserted directly: the verbs have rate limits and need providers. */
  async #quote(values: Record<string, string | null>): Promise<string> {
    const { owner } = this.deployment;
    const amounts = { currency: "XOF", amount_minor: 500, fee_minor: 0 };
    const expires_at = new Date(Date.now() + QUOTE_MS);
    const quote = { id: newKey(), user_id: this.user.userId.toString(), ...amounts, expires_at, ...values };
    await owner`insert into quotes ${owner(quote)}`;
    return quote.id;
  }

  /** The id of a key that expired an hour ago. */
  async expiredKey(): Promise<string> {
    return (await insertExpiredKey(this.deployment.owner, this.user.userId)).keyId.toString();
  }

  async liveKey(): Promise<string> {
    return (await this.#insertKey(["read"])).id.toString();
  }

  /** A key for a caller, which {@link makeRoom} leaves. */
  async heldKey(permissions: readonly ApiPermission[] = API_PERMISSIONS): Promise<TestKey> {
    const key = await this.#insertKey(permissions);
    this.#heldKeys.push(key.id.toString());
    return key;
  }

  async #insertKey(permissions: readonly ApiPermission[]) {
    const { label } = this.privateData;
    const [key] = await insertApiKeys(this.deployment.owner, [this.user.userId], permissions, label);
    invariant(key, "the insert returns the key");
    return key;
  }

  /**
   * Revokes every key that no caller uses and that is `ageSeconds` old, since a user has five at most, and ends what former
   * requests left: limits of rates and of money out, a PIN that waits, and all but the newest requests for money.
   */
  async makeRoom(ageSeconds = 0): Promise<void> {
    const { owner } = this.deployment;
    const userId = this.user.userId.toString();
    await owner`delete from rate_limits`;
    await owner`update money_out_limits set lifted_at = clock_timestamp() where user_id = ${userId} and lifted_at is null`;
    await owner`update pin_resets set ended_at = clock_timestamp(), outcome = 'cancelled', hash = null
      where user_id = ${userId} and ended_at is null`;
    const walletId = this.user.walletId.toString();
    await owner`update money_requests set state = 'cancelled', closed_at = clock_timestamp()
      where wallet_id = ${walletId} and state = 'open' and id not in
        (select id from money_requests where wallet_id = ${walletId} order by created_at desc limit ${REQUESTS_KEPT})`;
    await owner`update api_keys set revoked_at = clock_timestamp()
      where user_id = ${userId} and revoked_at is null and expires_at > clock_timestamp()
        and created_at <= clock_timestamp() - make_interval(secs => ${ageSeconds})
        and not id = any(${this.#heldKeys}::bigint[])`;
  }

  passkey(): Promise<string> {
    return this.identity.passkey();
  }

  /** The id of a challenge for a new e-mail address. */
  contactChallenge(): Promise<string> {
    return this.identity.contactChallenge({ isProven: false });
  }

  /** The same after its right code. */
  provenChallenge(): Promise<string> {
    return this.identity.contactChallenge({ isProven: true });
  }

  /** The id of a challenge for a forgotten PIN. */
  pinChallenge(): Promise<string> {
    return this.identity.pinChallenge();
  }

  /** A new API session with its first refresh token. */
  apiSession(): Promise<{ sessionId: string; refresh: string }> {
    return insertApiSession(this.deployment.owner, this.user.userId);
  }

  /** The value of a session's cookie, of a new one unless given; `forged` makes it invalid. */
  async cookieValue(sessionId?: string, forged: { secret?: string; salt?: string } = {}): Promise<string> {
    const { secret = this.deployment.secrets.AUTH_SECRET, salt } = forged;
    return await sessionCookieValue(sessionId ?? (await this.session()), secret, salt);
  }

  /** The Cookie header of a new session. */
  async cookie(): Promise<string> {
    return `${SESSION_COOKIE}=${await this.cookieValue()}`;
  }

  /** An access token as lib/auth signs it, of a new API session unless given; `forged` settings make it invalid. */
  async accessToken(sessionId?: string, forged: Partial<TokenSettings> = {}): Promise<string> {
    const holder = { userId: this.user.userId, sessionId: sessionId ?? (await this.apiSession()).sessionId };
    return await createAccessToken(holder, this.deployment, { lifetimeMinutes: TOKEN_MINUTES, ...forged });
  }
}
