import { inTransaction } from "@/db/transaction";
import { newKey, newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { type Money, money } from "@/lib/money/money";
import { insertExpiredKey } from "@/lib/services/api-access/keys/key-fixtures";
import { hashOfKey, newKeyText, shownPrefix } from "@/lib/services/api-access/keys/key-text";
import { hashOfRefreshToken, newRefreshToken } from "@/lib/services/api-access/sessions/refresh-token";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { recordOperation } from "@/lib/services/operations/record";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import type { Deployment } from "../deployment";
import type { Things } from "./things";

/** What nobody but its owner may ever read: words and amounts that stand nowhere else in the deployment. */
export interface Marks {
  firstName: string;
  lastName: string;
  phone: string;
  /** Name of the vault, the keys and the note. */
  word: string;
  /** Seven digits, of a balance. */
  francs: bigint;
}

const VAULT_FRANCS = 5_000n;

export const PERMISSIONS = ["deposit", "transfer", "read", "withdraw"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Somebody with money, a vault, keys and orders in progress; makes more of them when asked. */
export class Person implements Things {
  readonly #deployment: Deployment;
  readonly marks: Marks;
  readonly userId: bigint;
  readonly walletId: bigint;
  readonly walletNumber: string;
  readonly email: string;
  /** Whom quotes send to. */
  payee: Person | undefined;
  /** Keys that callers hold: the others make room for new ones. */
  readonly #heldKeys: string[] = [];
  #pending: Promise<string> | undefined;
  #vault: Promise<string> | undefined;

  private constructor(
    deployment: Deployment,
    marks: Marks,
    who: { userId: bigint; walletId: bigint; walletNumber: string; email: string },
  ) {
    this.#deployment = deployment;
    this.marks = marks;
    this.userId = who.userId;
    this.walletId = who.walletId;
    this.walletNumber = who.walletNumber;
    this.email = who.email;
  }

  /** A new account with `marks.francs` in its wallet. */
  static async create(deployment: Deployment, marks: Marks): Promise<Person> {
    const email = `${marks.word.toLowerCase()}@example.test`;
    const { firstName, lastName, phone } = marks;
    const created = await inTransaction(deployment.db, (tx) =>
      createUserWithWallet(tx, { email, firstName, lastName, phone, passwordHash: null }),
    );
    invariant(created, "the address is free");
    const { user, walletId, walletNumber } = created;
    const person = new Person(deployment, marks, { userId: user.id, walletId, walletNumber, email });
    await person.#fund(money(marks.francs + VAULT_FRANCS, "XOF"));
    await person.vault();
    return person;
  }

  #context(): Context {
    return this.#deployment.context({ kind: "user", userId: this.userId, sessionId: newKey() });
  }

  /** The id of a new session; its cookie is for whoever has the secret to write. */
  session(): Promise<string> {
    return startSession(this.#deployment.context(), this.userId, this.marks.word);
  }

  /** A deposit that waits for its payer: always the same one. */
  pendingDeposit(): Promise<string> {
    this.#pending ??= this.#recordDeposit(money(1_500n, "XOF"));
    return this.#pending;
  }

  /** The vault that money lies in: always the same one. */
  vault(): Promise<string> {
    this.#vault ??= this.emptyVault().then(async (vaultId) => {
      const order = { vaultId, amount: VAULT_FRANCS.toString(), key: newKey() };
      await putIntoVault(this.#context(), order);
      return vaultId;
    });
    return this.#vault;
  }

  async emptyVault(): Promise<string> {
    const name = `${this.marks.word} coffre`;
    const form = { name, currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
    return (await createVault(this.#context(), form)).vaultId.toString();
  }

  async transferQuote(): Promise<string> {
    const walletNumber = this.payee?.walletNumber ?? "";
    // Looking names up is limited: what was quoted before is forgotten.
    await this.#deployment.owner`delete from rate_limits where key like 'recipient%'`;
    const input = { walletNumber, amount: "100", currency: "XOF", note: this.marks.word } as const;
    return (await quoteTransfer(this.#context(), input)).quoteId;
  }

  /** As the verb keeps it, which would need a provider's settings in this process. */
  async withdrawalQuote(): Promise<string> {
    const id = newKey();
    await this.#deployment.owner`
      insert into quotes (id, user_id, currency, amount_minor, fee_minor, method, phone, expires_at)
      values (${id}, ${this.userId.toString()}, 'XOF', 500, 0, 'orange_money', ${this.marks.phone}, now() + interval '10 minutes')`;
    return id;
  }

  /** A key that expired an hour ago, by its id. */
  async expiredKey(): Promise<string> {
    return (await insertExpiredKey(this.#deployment.owner, this.userId)).keyId.toString();
  }

  async liveKey(): Promise<string> {
    return (await this.#insertKey(["read"])).id;
  }

  /** A key that a caller holds, as text. */
  async heldKey(permissions: readonly Permission[]): Promise<{ text: string; id: string }> {
    const key = await this.#insertKey(permissions);
    this.#heldKeys.push(key.id);
    return key;
  }

  /** Ends every key that no caller holds: a person has five at most. */
  async freeKeys(): Promise<void> {
    await this.#deployment.owner`update api_keys set revoked_at = now()
      where user_id = ${this.userId.toString()} and revoked_at is null and expires_at > now()
        and not id = any(${this.#heldKeys}::bigint[])`;
  }

  async #insertKey(permissions: readonly Permission[]): Promise<{ text: string; id: string }> {
    const text = newKeyText();
    const [row] = await this.#deployment.owner<{ id: string }[]>`
      insert into api_keys (user_id, name, prefix, hash, permissions, expires_at)
      values (${this.userId.toString()}, ${this.marks.word}, ${shownPrefix(text)}, ${hashOfKey(text)},
        ${[...permissions]}, now() + interval '1 day') returning id`;
    invariant(row, "an inserted key comes back");
    return { text, id: row.id };
  }

  /** A session of an API client with its first refresh token. */
  async apiSession(): Promise<{ sessionId: string; refresh: string }> {
    const [sessionId, refresh] = [newKey(), newRefreshToken()];
    const { owner } = this.#deployment;
    await owner`insert into api_sessions (id, user_id) values (${sessionId}, ${this.userId.toString()})`;
    await owner`insert into refresh_tokens (hash, session_id, expires_at)
      values (${hashOfRefreshToken(refresh)}, ${sessionId}, now() + interval '7 days')`;
    return { sessionId, refresh };
  }

  async refreshToken(): Promise<string> {
    return (await this.apiSession()).refresh;
  }

  async #recordDeposit(amount: Money): Promise<string> {
    const reference = newReference();
    const { currency, amountMinor } = amount;
    await inTransaction(this.#deployment.db, async (tx) => {
      await openAccounts(tx, accountsOfProvider("getmipay", currency));
      await recordOperation(
        tx,
        { kind: "system" },
        {
          reference,
          type: "deposit",
          state: "pending",
          walletId: this.walletId,
          currency,
          amountMinor,
          provider: "getmipay",
          method: "wave",
          phone: this.marks.phone,
        },
      );
    });
    return reference;
  }

  async #fund(amount: Money): Promise<void> {
    const reference = await this.#recordDeposit(amount);
    const context = this.#deployment.context({ kind: "system" });
    await inTransaction(this.#deployment.db, (tx) =>
      applyCollection(tx, context, {
        provider: "getmipay",
        reference,
        providerReference: `doors-${reference}`,
        eventKey: `doors:${reference}`,
        status: "succeeded",
        amount,
        currencyCode: amount.currency,
        reasonCode: null,
        live: null,
      }),
    );
  }
}
