import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey, newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftReserve } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import { manifestFor } from "@/lib/providers/manifests";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { createUserWithWallet } from "@/lib/services/identity/users/create-user";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";
import { hashPassword } from "@/lib/services/identity/users/password";
import { lockOperation } from "@/lib/services/operations/operation";
import { moveOperation, recordOperation } from "@/lib/services/operations/record";
import { createVault } from "@/lib/services/vaults/create-vault";
import { toLockDate } from "@/lib/services/vaults/lock-date";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { applyPayout } from "@/lib/services/withdrawals/apply-payout";

export const DEMO_EMAIL = DEMO_ACCOUNT.email;
const DEMO_PASSWORD = DEMO_ACCOUNT.password;
const DEMO_PHONE = DEMO_ACCOUNT.phone;
const PROVIDER = manifestFor("XOF").name;
const DAY_MS = 24 * 60 * 60 * 1000;

interface PastOperation {
  type: "deposit" | "withdrawal";
  amountMinor: bigint;
  method: string;
  phone: string;
  daysAgo: number;
  succeeded: boolean;
}

const HISTORY: readonly PastOperation[] = [
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

/** Makes the demo user with a small history, once; a second call changes nothing. Answers how to sign in. */
export async function seedDemo(appUrl: string): Promise<{ email: string; password: string }> {
  const db = openDatabase(appUrl, { max: 1, name: "cauris seed" });
  try {
    const passwordHash = await hashPassword(DEMO_PASSWORD);
    const created = await inTransaction(db, (tx) =>
      createUserWithWallet(tx, {
        email: DEMO_EMAIL,
        emailVerifiedAt: new Date(),
        firstName: "Awa",
        lastName: "Traoré",
        phone: DEMO_PHONE,
        phoneVerifiedAt: new Date(),
        passwordHash,
      }),
    );
    if (created) {
      for (const past of HISTORY) await seedOperation(db, created.walletId, past);
      for (const vault of VAULTS) await seedVault(db, created.user.id, vault);
    }
  } finally {
    await closeDatabase(db);
  }
  return { email: DEMO_EMAIL, password: DEMO_PASSWORD };
}

async function seedOperation(db: Database, walletId: bigint, past: PastOperation): Promise<void> {
  const now = new Date(Date.now() - past.daysAgo * DAY_MS);
  const context: Context = { actor: { kind: "system" }, requestId: newKey(), db, now };
  const reference = newReference();
  const { type, amountMinor, method, phone } = past;
  await inTransaction(db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(PROVIDER, "XOF"));
    const state = type === "deposit" ? "pending" : "created";
    const values = { reference, type, state, walletId, currency: "XOF", amountMinor, method, phone } as const;
    await recordOperation(tx, context.actor, { ...values, provider: PROVIDER, createdAt: now });
  });
  const update = {
    provider: PROVIDER,
    reference,
    providerReference: `demo-${reference}`,
    amount: money(amountMinor, "XOF"),
    currencyCode: "XOF",
    reasonCode: null,
    live: null,
    status: past.succeeded ? ("succeeded" as const) : ("failed" as const),
  };
  if (type === "deposit") {
    await inTransaction(db, (tx) =>
      applyCollection(tx, context, { ...update, eventKey: `demo:${reference}` }),
    );
    return;
  }
  await inTransaction(db, async (tx) => {
    const operation = await lockOperation(tx, reference);
    if (!operation) return;
    await postEntry(tx, draftReserve({ ...reserveOf(walletId, reference, amountMinor), occurredAt: now }));
    await moveOperation(tx, context.actor, operation, { to: "submitting", patch: { attempt: 1 } });
  });
  await inTransaction(db, (tx) => applyPayout(tx, context, { ...update, confirmed: false }));
}

function reserveOf(walletId: bigint, reference: string, amountMinor: bigint) {
  return {
    reference,
    walletId,
    provider: PROVIDER,
    amount: money(amountMinor, "XOF"),
    fee: money(0n, "XOF"),
  };
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
