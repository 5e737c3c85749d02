import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";
import { hashPassword } from "@/lib/services/identity/users/password";
import { createVault } from "@/lib/services/vaults/create-vault";
import { toLockDate } from "@/lib/services/vaults/lock-date";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { contextOf, type DemoActor } from "./demo-people";
import { seedTontine } from "./demo-tontine";
import { type PastOperation, seedOperation } from "./past-operations";

const DEMO_PHONE = DEMO_ACCOUNT.phone;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What Awa did with her wallet, by how many days ago. */
const HISTORY: readonly (Omit<PastOperation, "at"> & { daysAgo: number })[] = [
  { type: "deposit", amountMinor: 50_000n, method: "wave", phone: DEMO_PHONE, daysAgo: 6, succeeded: true },
  {
    type: "withdrawal",
    amountMinor: 10_000n,
    method: "moov_money",
    phone: "+22671000007",
    daysAgo: 4,
    succeeded: false,
  },
  {
    type: "deposit",
    amountMinor: 12_500n,
    method: "orange_money",
    phone: DEMO_PHONE,
    daysAgo: 2,
    succeeded: true,
  },
  {
    type: "withdrawal",
    amountMinor: 5_000n,
    method: "orange_money",
    phone: "+22670000004",
    daysAgo: 1,
    succeeded: true,
  },
];

interface DemoVault {
  name: string;
  goal: string;
  amount: string;
  /** Locked until this many days from now; null for one that stays open. */
  lockedForDays: number | null;
}

const VAULTS: readonly DemoVault[] = [
  { name: "Rentrée des enfants", goal: "60 000", amount: "15 000", lockedForDays: null },
  { name: "Tabaski", goal: "", amount: "10 000", lockedForDays: 120 },
];

/**
 * Makes the demo user with a tontine and a small history, once; a second call changes nothing. Verbs that ask for a PIN or make tokens need this
 * process's configuration. Answers how to sign in.
 */
export async function seedDemo(appUrl: string): Promise<typeof DEMO_ACCOUNT> {
  const db = openDatabase(appUrl, { max: 4, name: "cauris seed" });
  try {
    const { email, password, phone, pin } = DEMO_ACCOUNT;
    const passwordHash = await hashPassword(password);
    const now = new Date();
    const contacts = { email, emailVerifiedAt: now, phone, phoneVerifiedAt: now };
    const created = await inTransaction(db, (tx) =>
      createUserWithWallet(tx, { ...contacts, firstName: "Awa", lastName: "Traoré", passwordHash }),
    );
    if (created) await seedWallet(db, { userId: created.user.id, walletId: created.walletId, pin }, now);
  } finally {
    await closeDatabase(db);
  }
  return DEMO_ACCOUNT;
}

/** The oldest first: lists show operations in the order in which they were made. */
async function seedWallet(db: Database, awa: DemoActor, now: Date): Promise<void> {
  await setPin(contextOf(db, awa, now), { pin: awa.pin });
  await seedTontine(db, awa, now);
  for (const { daysAgo, ...past } of HISTORY) {
    const at = new Date(now.getTime() - daysAgo * DAY_MS);
    await seedOperation(db, awa.walletId, { ...past, at });
  }
  for (const vault of VAULTS) await seedVault(db, awa.userId, vault);
}

/** Sets money apart as its owner does. */
async function seedVault(db: Database, userId: bigint, vault: DemoVault): Promise<void> {
  const { name, goal, amount, lockedForDays } = vault;
  const actor = { kind: "user", userId, sessionId: "seed" } as const;
  const context: Context = { actor, requestId: newKey(), db, now: new Date() };
  const opensAt = lockedForDays === null ? null : new Date(Date.now() + lockedForDays * DAY_MS);
  const lockedUntil = opensAt === null ? "" : toLockDate(opensAt);
  const typed = { name, goal, lockedUntil, currency: "XOF", key: newKey() } as const;
  const { vaultId } = await createVault(context, typed);
  await putIntoVault(context, { vaultId: vaultId.toString(), amount, key: newKey() });
}
