import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { users } from "@/db/schema";
import type { Contact } from "./contact";

export type ContactUserRow = typeof users.$inferSelect;

/** The account that has verified a contact. */
export async function findContactOwner(reader: Reader, contact: Contact): Promise<ContactUserRow | null> {
  const [row] = await reader.select().from(users).where(isVerified(contact));
  return row ?? null;
}

/** Until the transaction ends, nobody else makes an account with this contact or verifies it. */
export async function lockContact(tx: Transaction, { kind, value }: Contact): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${kind}:${value}`}, 0))`);
}

/** As {@link findContactOwner}, locked until the transaction ends: of two accounts that prove a contact at once one comes after the other. */
export async function lockContactOwner(tx: Transaction, contact: Contact): Promise<ContactUserRow | null> {
  await lockContact(tx, contact);
  const [row] = await tx.select().from(users).where(isVerified(contact)).for("no key update");
  return row ?? null;
}

function isVerified({ kind, value }: Contact) {
  return kind === "phone"
    ? and(eq(users.phone, value), isNotNull(users.phoneVerifiedAt))
    : and(eq(users.email, value), isNotNull(users.emailVerifiedAt));
}

/** Takes a number or an address from its owner: the number still signs in with their password, the address becomes a claim. */
export async function removeContact(tx: Transaction, userId: bigint, contact: Contact): Promise<void> {
  const changes =
    contact.kind === "phone"
      ? { phone: null, phoneVerifiedAt: null, formerPhone: contact.value }
      : { email: (await isClaimed(tx, contact.value)) ? null : contact.value, emailVerifiedAt: null };
  await tx
    .update(users)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(users.id, userId));
}

async function isClaimed(reader: Reader, email: string): Promise<boolean> {
  const rows = await reader
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.email, email), isNull(users.emailVerifiedAt)));
  return rows.length > 0;
}

export async function writeVerifiedContact(tx: Transaction, userId: bigint, contact: Contact): Promise<void> {
  const verified =
    contact.kind === "phone"
      ? {
          phone: contact.value,
          phoneVerifiedAt: sql`now()`,
          formerPhone: sql`nullif(${users.formerPhone}, ${contact.value})`,
        }
      : { email: contact.value, emailVerifiedAt: sql`now()` };
  await tx
    .update(users)
    .set({ ...verified, updatedAt: sql`now()` })
    .where(eq(users.id, userId));
}

export async function selectContactsOf(
  reader: Reader,
  userIds: readonly bigint[],
): Promise<ContactUserRow[]> {
  if (userIds.length === 0) return [];
  return await reader
    .select()
    .from(users)
    .where(inArray(users.id, [...userIds]));
}

/** Locks the account's row: two contacts of one kind can't both become its own. */
export async function lockUserRow(tx: Transaction, userId: bigint): Promise<ContactUserRow> {
  const [row] = await tx.select().from(users).where(eq(users.id, userId)).for("no key update");
  if (!row) throw new Error("a signed-in user exists");
  return row;
}
