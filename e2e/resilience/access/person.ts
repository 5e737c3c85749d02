import { insertApiKeys, insertApiSession, insertExpiredKey } from "@/e2e/support/credentials";
import { createUser, type DepositSource, fundWallet, recordPendingDeposit } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { Deployment } from "../deployment";
import type { ObjectIds } from "./object-ids";

/** What only its owner may read: words and amounts that occur nowhere else in the deployment. */
export interface PrivateData {
  firstName: string;
  lastName: string;
  phone: string;
  /** In the names of vaults and keys and in notes. */
  label: string;
  /** The balance: seven digits. */
  francs: bigint;
}

const VAULT_FRANCS = 5_000n;

export const PERMISSIONS = ["deposit", "transfer", "read", "withdraw"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A user with money, a vault, API keys and open orders. */
export class Person implements ObjectIds {
  readonly #deployment: Deployment;
  readonly privateData: PrivateData;
  readonly userId: bigint;
  readonly walletId: bigint;
  readonly walletNumber: string;
  readonly email: string;
  /** The recipient of quoted transfers. */
  payee: Person | undefined;
  /** Keys that callers use: {@link freeKeys} leaves them. */
  readonly #heldKeys: string[] = [];
  #pending: Promise<string> | undefined;
  #vault: Promise<string> | undefined;

  private constructor(
    deployment: Deployment,
    privateData: PrivateData,
    who: { userId: bigint; walletId: bigint; walletNumber: string; email: string },
  ) {
    this.#deployment = deployment;
    this.privateData = privateData;
    this.userId = who.userId;
    this.walletId = who.walletId;
    this.walletNumber = who.walletNumber;
    this.email = who.email;
  }

  /** A new user with `privateData.francs` in the wallet and a vault. */
  static async create(deployment: Deployment, privateData: PrivateData): Promise<Person> {
    const email = `${privateData.label.toLowerCase()}@example.test`;
    const { firstName, lastName, phone } = privateData;
    const user = await createUser(deployment.db, { email, firstName, lastName, phone });
    const person = new Person(deployment, privateData, user);
    const funds = money(privateData.francs + VAULT_FRANCS, "XOF");
    await fundWallet(deployment.db, user.walletId, funds, person.#source());
    await person.vault();
    return person;
  }

  #context(): Context {
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
    this.#vault ??= this.emptyVault().then(async (vaultId) => {
      const order = { vaultId, amount: VAULT_FRANCS.toString(), key: newKey() };
      await putIntoVault(this.#context(), order);
      return vaultId;
    });
    return this.#vault;
  }

  async emptyVault(): Promise<string> {
    const name = `${this.privateData.label} coffre`;
    const form = { name, currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
    return (await createVault(this.#context(), form)).vaultId.toString();
  }

  async transferQuote(): Promise<string> {
    const walletNumber = this.payee?.walletNumber ?? "";
    // Each quote looks the recipient up, which is rate limited.
    await this.#deployment.owner`delete from rate_limits where key like 'recipient%'`;
    const input = { walletNumber, amount: "100", currency: "XOF", note: this.privateData.label } as const;
    return (await quoteTransfer(this.#context(), input)).quoteId;
  }

  /** Inserted directly: the verb needs providers, which aren't configured in this process. */
  async withdrawalQuote(): Promise<string> {
    const id = newKey();
    await this.#deployment.owner`
      insert into quotes (id, user_id, currency, amount_minor, fee_minor, method, phone, expires_at)
      values (${id}, ${this.userId.toString()}, 'XOF', 500, 0, 'orange_money', ${this.privateData.phone}, now() + interval '10 minutes')`;
    return id;
  }

  /** The id of a key that expired an hour ago. */
  async expiredKey(): Promise<string> {
    return (await insertExpiredKey(this.#deployment.owner, this.userId)).keyId.toString();
  }

  async liveKey(): Promise<string> {
    return (await this.#insertKey(["read"])).id;
  }

  /** A key for a caller, which {@link freeKeys} leaves. */
  async heldKey(permissions: readonly Permission[]): Promise<{ text: string; id: string }> {
    const key = await this.#insertKey(permissions);
    this.#heldKeys.push(key.id);
    return key;
  }

  /** Revokes every key that no caller uses, to make room: a user has five at most. */
  async freeKeys(): Promise<void> {
    await this.#deployment.owner`update api_keys set revoked_at = now()
      where user_id = ${this.userId.toString()} and revoked_at is null and expires_at > now()
        and not id = any(${this.#heldKeys}::bigint[])`;
  }

  async #insertKey(permissions: readonly Permission[]): Promise<{ text: string; id: string }> {
    const { owner } = this.#deployment;
    const [key] = await insertApiKeys(owner, [this.userId], permissions, this.privateData.label);
    invariant(key, "the insert returns the key");
    return { text: key.apiKey, id: key.id.toString() };
  }

  /** A new API session with its first refresh token. */
  async apiSession(): Promise<{ sessionId: string; refresh: string }> {
    return await insertApiSession(this.#deployment.owner, this.userId);
  }

  async refreshToken(): Promise<string> {
    return (await this.apiSession()).refresh;
  }

  #source(): DepositSource {
    return { provider: "getmipay", method: "wave", phone: this.privateData.phone };
  }
}
