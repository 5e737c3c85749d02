import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { normaliseEmail } from "@/lib/email";
import { DomainError } from "@/lib/errors";
import { InvariantError } from "@/lib/invariant";
import { revokeAllAccess } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";
import { cleanLine, isReadableName } from "@/lib/text";
import { lockContact } from "../contacts/store";
import { endOpenReset } from "../pin/resets/store";
import { deletePin } from "../pin/store";
import { deleteTotp } from "../totp/store";
import { createUserWithWallet } from "./create-user";
import { isReservedName } from "./reserved-names";
import {
  findUserByIdentity,
  hasIdentity,
  insertIdentity,
  isInUse,
  lockUserByEmail,
  type UserRow,
  updateUser,
} from "./store";

const PROVIDER = "google";
const NAME_LENGTH_MAX = 80;
// The loser of a race sees the winner's rows at the second look.
const ATTEMPTS_MAX = 3;

/** Claims of an id token whose signature, issuer, audience and nonce were checked. */
export interface GoogleProfile {
  subject: string;
  email: string;
  emailVerified: boolean;
  givenName: string;
  familyName: string;
  pictureUrl: string | null;
  /** The language of the page that the person came from. */
  locale: "fr" | "en";
}

export interface GoogleSignIn {
  userId: bigint;
  isNew: boolean;
}

/**
 * The user behind a Google account, at the first visit made with a wallet or linked to the account of the same address,
 * only by an address that Google has verified. An account that claims the address without having verified it is taken over while
 * nobody used it; otherwise it keeps what is in it, and a new one is made. Throws `email_unverified`, `email_taken` when the address belongs to
 * another Google account, `invalid_credentials` when the user is frozen.
 */
export async function signInWithGoogle(context: Context, profile: GoogleProfile): Promise<GoogleSignIn> {
  const email = normaliseEmail(profile.email);
  return await inTransaction(context.db, async (tx) => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const signedIn = await findLinkOrCreate(tx, context, profile, email);
      if (signedIn) return signedIn;
    }
    throw new InvariantError("a Google account could be neither found nor made");
  });
}

/** Null when somebody else made the user or the link in the meantime: look again. */
async function findLinkOrCreate(
  tx: Transaction,
  context: Context,
  profile: GoogleProfile,
  email: string | null,
): Promise<GoogleSignIn | null> {
  const known = await findUserByIdentity(tx, PROVIDER, profile.subject);
  if (known) return { userId: requireActive(known).id, isNew: false };
  if (email === null || !profile.emailVerified) throw new DomainError("email_unverified");
  await lockContact(tx, { kind: "email", value: email });
  const sameEmail = await lockUserByEmail(tx, email);
  const isProven = sameEmail?.emailVerifiedAt != null;
  if (sameEmail && (isProven || !(await isInUse(tx, sameEmail))))
    return await link(tx, context, sameEmail, profile);
  const created = await createUserWithWallet(tx, {
    email,
    emailVerifiedAt: context.now,
    ...shownNames(profile, email),
    pictureUrl: profile.pictureUrl,
    locale: profile.locale,
  });
  if (!created) return null;
  const userId = created.user.id;
  const isLinked = await insertIdentity(tx, { provider: PROVIDER, subject: profile.subject, userId });
  // The wallet of a user who can't come back would stay for ever: roll everything back.
  if (!isLinked) throw new InvariantError("a Google account got two users at once");
  return { userId, isNew: true };
}

/** The account's names as far as a person of that name could sign up here, or else the part of the address before its `@`. */
function shownNames(
  { givenName, familyName }: GoogleProfile,
  email: string,
): { firstName: string; lastName: string } {
  const [firstName, lastName] = [givenName, familyName].map((name) => {
    const clean = cleanLine(name).slice(0, NAME_LENGTH_MAX).trim();
    return isReadableName(clean) ? clean : "";
  });
  if (firstName && !isReservedName(firstName, lastName ?? "")) return { firstName, lastName: lastName ?? "" };
  const account = cleanLine(email.split("@", 1)[0] ?? "").slice(0, NAME_LENGTH_MAX);
  return { firstName: account === "" || isReservedName(account, "") ? "?" : account, lastName: "" };
}

async function link(
  tx: Transaction,
  context: Context,
  user: UserRow,
  profile: GoogleProfile,
): Promise<GoogleSignIn | null> {
  requireActive(user);
  const identity = { provider: PROVIDER, subject: profile.subject, userId: user.id };
  if (!(await insertIdentityOnce(tx, identity))) return null;
  if (user.emailVerifiedAt === null) {
    // The address was never confirmed, so the password may be a stranger's; Google has confirmed whose it is.
    await updateUser(tx, user.id, { passwordHash: null, emailVerifiedAt: context.now });
    await revokeAllAccess(tx, user.id);
    await deletePin(tx, user.id);
    // A new PIN that waits would be the stranger's too.
    await endOpenReset(tx, user.id, "cancelled");
    await deleteTotp(tx, user.id);
  }
  return { userId: user.id, isNew: false };
}

/** False when the same account was linked a moment ago. Throws `email_taken` when the user has another one. */
async function insertIdentityOnce(
  tx: Transaction,
  identity: { provider: string; subject: string; userId: bigint },
): Promise<boolean> {
  if (await findUserByIdentity(tx, identity.provider, identity.subject)) return false;
  // An address that changed hands at Google must not open the wallet of its former owner.
  if (await hasIdentity(tx, identity.userId, identity.provider)) throw new DomainError("email_taken");
  return await insertIdentity(tx, identity);
}

function requireActive(user: UserRow): UserRow {
  if (user.frozenAt !== null) throw new DomainError("invalid_credentials");
  return user;
}
