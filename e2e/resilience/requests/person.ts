import { SignJWT } from "jose";
import {
  insertApiKeys,
  insertApiSession,
  insertExpiredKey,
  SESSION_COOKIE,
  sessionCookieValue,
} from "@/e2e/support/credentials";
import { createUser, fundWallet, recordPendingDeposit, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { API_PERMISSIONS, type ApiPermission } from "@/lib/services/api-access/keys/schema";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { Deployment } from "../deployment";

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

/** Objects of a user that a request can name. */
export type ObjectKind =
  | "session"
  | "pendingDeposit"
  | "vault"
  | "emptyVault"
  | "transferQuote"
  | "withdrawalQuote"
  | "ownRequest"
  | "receivedRequest"
  | "requestQuote"
  | "expiredKey"
  | "liveKey";

/** Creates an object of a user, or finds one, and returns its id. */
export type ObjectIds = Readonly<Record<ObjectKind, () => Promise<string>>>;

const [MISSING_UUID, MISSING_NUMBER] = ["7b0c7a52-4e0e-4a57-9d35-0e8b2f1f6a11", "900000000001"];

/** Well-formed ids of objects that don't exist. */
export const NONEXISTENT: ObjectIds = {
  session: async () => MISSING_UUID,
  pendingDeposit: async () => "TXN-NZBZDYSZWN22",
  vault: async () => MISSING_NUMBER,
  emptyVault: async () => MISSING_NUMBER,
  transferQuote: async () => MISSING_UUID,
  withdrawalQuote: async () => MISSING_UUID,
  ownRequest: async () => MISSING_UUID,
  receivedRequest: async () => MISSING_UUID,
  requestQuote: async () => MISSING_UUID,
  expiredKey: async () => MISSING_NUMBER,
  liveKey: async () => MISSING_NUMBER,
};

const VAULT_FRANCS = 5_000n;
const TOKEN_MINUTES = 1_440;

/** A user with money, a vault, API keys and open orders, and valid and forged credentials of the user. */
export class Person implements ObjectIds {
  readonly #deployment: Deployment;
  /** Keys that callers use: {@link freeKeys} leaves them. */
  readonly #heldKeys: string[] = [];
  #pending: Promise<string> | undefined;
  #vault: Promise<string> | undefined;
  readonly userId: bigint;
  readonly walletId: bigint;
  readonly walletNumber: string;
  readonly email: string;

  private constructor(
    deployment: Deployment,
    user: TestUser,
    readonly privateData: PrivateData,
    /** The recipient of quoted transfers. */
    readonly payee: Person | null,
  ) {
    this.#deployment = deployment;
    this.userId = user.userId;
    this.walletId = user.walletId;
    this.walletNumber = user.walletNumber;
    this.email = user.email;
  }

  static async create(
    deployment: Deployment,
    privateData: PrivateData,
    payee: Person | null = null,
  ): Promise<Person> {
    const { db } = deployment;
    const { firstName, lastName, phone, label, francs, kobo = 0n } = privateData;
    const email = `${label.toLowerCase()}@example.test`;
    const person = new Person(
      deployment,
      await createUser(db, { email, firstName, lastName, phone }),
      privateData,
      payee,
    );
    await fundWallet(db, person.walletId, money(francs + VAULT_FRANCS, "XOF"), person.#source());
    const card = { provider: "paystack", method: null, phone: null };
    if (kobo > 0n) await fundWallet(db, person.walletId, money(kobo, "NGN"), card);
    await person.vault();
    return person;
  }

  #source() {
    return { provider: "getmipay", method: "wave", phone: this.privateData.phone };
  }

  #context() {
    return this.#deployment.context({ kind: "user", userId: this.userId, sessionId: newKey() });
  }

  /** The id of a new session of the pages. */
  session(): Promise<string> {
    return startSession(this.#deployment.context(), this.userId, this.privateData.label);
  }

  /** The reference of a pending deposit: always the same one. */
  pendingDeposit(): Promise<string> {
    const { db } = this.#deployment;
    this.#pending ??= recordPendingDeposit(db, this.walletId, money(1_500n, "XOF"), this.#source());
    return this.#pending;
  }

  /** A vault with money in it: always the same one. */
  vault(): Promise<string> {
    this.#vault ??= this.#createVault().then(async (vaultId) => {
      await putIntoVault(this.#context(), { vaultId, amount: VAULT_FRANCS.toString(), key: newKey() });
      return vaultId;
    });
    return this.#vault;
  }

  /** A new vault without money. Closes all others but {@link vault}, to make room: a person has twenty at most. */
  async emptyVault(): Promise<string> {
    const kept = await this.vault();
    await this.#deployment.owner`update vaults set closed_at = clock_timestamp()
      where wallet_id = ${this.walletId.toString()} and closed_at is null and id <> ${kept}`;
    return await this.#createVault();
  }

  async #createVault(): Promise<string> {
    const name = `${this.privateData.label} coffre`;
    const form = { name, currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
    return (await createVault(this.#context(), form)).vaultId.toString();
  }

  transferQuote(): Promise<string> {
    return this.#quote("transfer");
  }

  withdrawalQuote(): Promise<string> {
    return this.#quote("withdrawal");
  }

  /** The id of a new request for money that the person made. */
  ownRequest(): Promise<string> {
    return this.#request(this.walletId, null);
  }

  /** The id of a new request for money that the payee asked the person by name. */
  receivedRequest(): Promise<string> {
    return this.#request(this.payee?.walletId ?? this.walletId, this.walletId);
  }

  /** A quote of the person that pays a request of the payee. */
  async requestQuote(): Promise<string> {
    return await this.#quote("transfer", await this.receivedRequest());
  }

  /** Inserted directly: the verb has limits. */
  async #request(walletId: bigint, payerWalletId: bigint | null): Promise<string> {
    const id = newKey();
    await this.#deployment.owner`
      insert into money_requests (id, token_hash, wallet_id, payer_wallet_id, currency, amount_minor, note, expires_at)
      values (${id}, ${Buffer.from(newKey())}, ${walletId.toString()}, ${payerWalletId?.toString() ?? null}, 'XOF', 500,
        ${this.privateData.label}, clock_timestamp() + interval '1 day')`;
    return id;
  }

  /** Inserted directly: the verbs have rate limits and need providers. */
  async #quote(type: "transfer" | "withdrawal", requestId: string | null = null): Promise<string> {
    const id = newKey();
    const { label, phone } = this.privateData;
    const [method, to] = type === "withdrawal" ? ["orange_money", phone] : [null, null];
    const [note, walletId] = type === "transfer" ? [label, this.payee?.walletId.toString() ?? null] : [];
    await this.#deployment.owner`
      insert into quotes (id, user_id, currency, amount_minor, fee_minor, type, method, phone, counterparty_wallet_id, note, expires_at,
        money_request_id)
      values (${id}, ${this.userId.toString()}, 'XOF', 500, 0, ${type}, ${method ?? null}, ${to ?? null}, ${walletId ?? null},
        ${note ?? null}, clock_timestamp() + interval '10 minutes', ${requestId})`;
    return id;
  }

  /** The id of a key that expired an hour ago. */
  async expiredKey(): Promise<string> {
    return (await insertExpiredKey(this.#deployment.owner, this.userId)).keyId.toString();
  }

  async liveKey(): Promise<string> {
    return (await this.#insertKey(["read"])).id.toString();
  }

  /** A key for a caller, which {@link freeKeys} leaves. */
  async heldKey(
    permissions: readonly ApiPermission[] = API_PERMISSIONS,
  ): Promise<{ text: string; id: string }> {
    const key = await this.#insertKey(permissions);
    this.#heldKeys.push(key.id.toString());
    return { text: key.apiKey, id: key.id.toString() };
  }

  async #insertKey(permissions: readonly ApiPermission[]) {
    const { label } = this.privateData;
    const [key] = await insertApiKeys(this.#deployment.owner, [this.userId], permissions, label);
    invariant(key, "the insert returns the key");
    return key;
  }

  /** Revokes every key that no caller uses and that is `ageSeconds` old, to make room: a user has five at most. */
  async freeKeys(ageSeconds = 0): Promise<void> {
    await this.#deployment.owner`update api_keys set revoked_at = clock_timestamp()
      where user_id = ${this.userId.toString()} and revoked_at is null and expires_at > clock_timestamp()
        and created_at <= clock_timestamp() - make_interval(secs => ${ageSeconds})
        and not id = any(${this.#heldKeys}::bigint[])`;
  }

  /** A new API session with its first refresh token. */
  async apiSession(): Promise<{ sessionId: string; refresh: string }> {
    return await insertApiSession(this.#deployment.owner, this.userId);
  }

  /** The value of a session's cookie, of a new one unless given; `forged` makes it invalid. */
  async cookieValue(sessionId?: string, forged: { secret?: string; salt?: string } = {}): Promise<string> {
    const { secret = this.#deployment.secrets.AUTH_SECRET, salt } = forged;
    return await sessionCookieValue(sessionId ?? (await this.session()), secret, salt);
  }

  /** The Cookie header of a new session. */
  async cookie(): Promise<string> {
    return `${SESSION_COOKIE}=${await this.cookieValue()}`;
  }

  /** An access token as lib/auth signs it, of a new API session unless given; `forged` makes it invalid. */
  async accessToken(
    sessionId?: string,
    forged: { secret?: string; audience?: string; type?: string; minutes?: number } = {},
  ): Promise<string> {
    const { url, secrets } = this.#deployment;
    const {
      secret = secrets.JWT_SECRET_KEY,
      audience = `${url}/api`,
      type = "access",
      minutes = TOKEN_MINUTES,
    } = forged;
    const sid = sessionId ?? (await this.apiSession()).sessionId;
    const now = Math.floor(Date.now() / 1000);
    return await new SignJWT({ token_type: type, user_id: Number(this.userId), sid })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(this.userId.toString())
      .setJti(newKey())
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt(now - 3_600)
      .setExpirationTime(now + minutes * 60)
      .sign(Buffer.from(secret));
  }
}
