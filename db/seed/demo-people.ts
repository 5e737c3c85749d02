import { randomInt } from "node:crypto";
import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { seedOperation } from "./past-operations";

/** Somebody of the demo as verbs take them. */
export interface DemoActor {
  userId: bigint;
  walletId: bigint;
  pin: string;
}

/** The person as actor of a verb at a time. */
export const contextOf = (db: Database, { userId }: DemoActor, now: Date): Context => ({
  actor: { kind: "user", userId, sessionId: "seed" },
  requestId: newKey(),
  db,
  now,
});

export const systemContext = (db: Database, now: Date): Context => ({
  actor: { kind: "system" },
  requestId: newKey(),
  db,
  now,
});

/** Nobody knows these PINs afterwards, and without a password or a contact nobody signs in as these people. */
const newPin = () => randomInt(100_000, 1_000_000).toString();

/** A person of the demo with so many francs, paid in at a time. */
export async function seedPerson(
  db: Database,
  named: { firstName: string; lastName: string },
  { francs, at }: { francs: bigint; at: Date },
): Promise<DemoActor> {
  const created = await inTransaction(db, (tx) => createUserWithWallet(tx, { ...named, passwordHash: null }));
  invariant(created, "nobody else has their contact: there is none");
  const person = { userId: created.user.id, walletId: created.walletId, pin: newPin() };
  await setPin(contextOf(db, person, at), { pin: person.pin });
  const deposit = { type: "deposit", method: "wave", phone: null, succeeded: true } as const;
  await seedOperation(db, person.walletId, { ...deposit, amountMinor: francs, at });
  return person;
}
