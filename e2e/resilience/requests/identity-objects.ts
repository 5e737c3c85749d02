import { randomBytes } from "node:crypto";
import { generateSync } from "otplib";
import { createSoftwarePasskey } from "@/e2e/support/software-passkey";
import { newKey } from "@/lib/ids";
import { codeOf } from "@/lib/services/identity/codes/code-value";
import { hashOfToken, newAlarmToken } from "@/lib/services/identity/contacts/alarm-token";
import { newSecret } from "@/lib/services/identity/totp/one-time-code";
import { sealSecret } from "@/lib/services/identity/totp/sealed-secret";
import type { Deployment } from "../deployment";

const [MINUTE_MS, CHALLENGE_MS, ALARM_MS] = [60_000, 600_000, 3_600_000];
const PASSKEYS_KEPT = 4;

const fromNow = (ms: number) => new Date(Date.now() + ms);

/**
 * A user's codes of messages, passkeys, authenticator app and alarms. Inserted directly: the verbs have limits, and answer what only
 * a message says.
 */
export class IdentityObjects {
  #lastCode = "";

  constructor(
    private readonly deployment: Deployment,
    private readonly user: { userId: bigint; phone: string; label: string },
  ) {}

  get #userId(): string {
    return this.user.userId.toString();
  }

  /**
   * The id of a challenge for a new e-mail address, whose code may be sent again. The present address becomes an unverified one:
   * replacing a verified one would sign everybody out.
   */
  async contactChallenge({ isProven }: { isProven: boolean }): Promise<string> {
    await this.deployment.owner`update users set email_verified_at = null where id = ${this.#userId}`;
    const contact = `${this.user.label.toLowerCase()}-${randomBytes(6).toString("hex")}@example.test`;
    const proven_at = isProven ? new Date() : null;
    return await this.#challenge({ purpose: "verify_contact", contact_kind: "email", contact, proven_at });
  }

  /** The id of a challenge for a forgotten PIN. */
  pinChallenge(): Promise<string> {
    return this.#challenge({ purpose: "reset_pin", contact_kind: "phone", contact: this.user.phone });
  }

  async #challenge(values: {
    purpose: string;
    contact: string;
    contact_kind: string;
    proven_at?: Date | null;
  }) {
    const { owner } = this.deployment;
    const times = { sent_at: fromNow(-2 * MINUTE_MS), expires_at: fromNow(CHALLENGE_MS) };
    const row = { id: newKey(), user_id: this.#userId, locale: "fr", ...times, ...values };
    await owner`insert into contact_codes ${owner(row)}`;
    this.#lastCode = codeOf(row);
    return row.id;
  }

  /** The right code of the challenge that was made last. */
  lastCode(): string {
    return this.#lastCode;
  }

  /** The id of a new passkey. Deletes old ones, to make room: a person has ten at most. */
  async passkey(): Promise<string> {
    const { owner } = this.deployment;
    await owner`delete from passkeys where user_id = ${this.#userId} and id not in
      (select id from passkeys where user_id = ${this.#userId} order by id desc limit ${PASSKEYS_KEPT})`;
    const credential = { credential_id: newKey(), public_key: randomBytes(77), counter: 0 };
    const [row] = await owner<{ id: string }[]>`insert into passkeys
      ${owner({ user_id: this.#userId, ...credential, transports: [], name: this.user.label })} returning id`;
    return row?.id ?? "";
  }

  /** What a device answers to a request for a new passkey, as a form posts it. */
  async newPasskeyAnswer(): Promise<string> {
    const { owner, url } = this.deployment;
    await this.passkey();
    const [challengeId, challenge] = [newKey(), randomBytes(32).toString("base64url")];
    const asked = { purpose: "add", user_id: this.#userId, expires_at: fromNow(CHALLENGE_MS) };
    await owner`insert into passkey_challenges ${owner({ id: challengeId, challenge, ...asked })}`;
    return createSoftwarePasskey().create({ challengeId, options: { challenge } }, { origin: url });
  }

  /** The present code of a new authenticator app, in the place of another; `isOn`: the second step is asked for already. */
  async authenticatorCode({ isOn }: { isOn: boolean }): Promise<string> {
    const { owner } = this.deployment;
    const secret = newSecret();
    await this.removeAuthenticator();
    const confirmed_at = isOn ? new Date() : null;
    const row = { user_id: this.#userId, secret: sealSecret(this.user.userId, secret), confirmed_at };
    await owner`insert into totp_secrets ${owner(row)}`;
    return generateSync({ secret });
  }

  async removeAuthenticator(): Promise<void> {
    await this.deployment.owner`delete from totp_recovery_codes where user_id = ${this.#userId}`;
    await this.deployment.owner`delete from totp_secrets where user_id = ${this.#userId}`;
  }

  /** The token of a new link by which a former address stops the user's money. */
  async alarmToken(): Promise<string> {
    const { owner } = this.deployment;
    const token = newAlarmToken();
    const row = { token_hash: hashOfToken(token), user_id: this.#userId, contact: "email" };
    await owner`insert into contact_alarms ${owner({ ...row, expires_at: fromNow(ALARM_MS) })}`;
    return token;
  }
}
