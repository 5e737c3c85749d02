import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, recordPendingDeposit } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { InvariantError } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { createVault } from "../vaults/create-vault";
import { putIntoVault } from "../vaults/put-into-vault";
import { claimKey, claimKeyForAnswer, findClaim, storeAnswer } from "./claim";
import { hashOfInput, type KeyedInput } from "./input-hash";
import {
  IDEMPOTENCY_KEY_LENGTH_MAX,
  IDEMPOTENCY_KEY_PATTERN,
  isIdempotencyKey,
  requireIdempotencyKey,
} from "./key";

const { db, owner } = await useDatabase();

async function storedHash(key: string): Promise<string | undefined> {
  const [row] = await owner<{ hash: string }[]>`
    select encode(input_hash, 'hex') as hash from idempotency_keys where key = ${key}`;
  return row?.hash;
}

function hexOf(verb: string, fields: KeyedInput["fields"]): string {
  return hashOfInput({ verb, fields }).toString("hex");
}

describe("an idempotency key", () => {
  it("has the same syntax in the database", async () => {
    const [row] = await owner<{ definition: string }[]>`
      select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'idempotency_keys_key'`;
    expect(row?.definition).toContain(`length(key) <= ${IDEMPOTENCY_KEY_LENGTH_MAX}`);
    expect(row?.definition).toContain(`~ '${IDEMPOTENCY_KEY_PATTERN}'`);
  });

  it("is 1 to 255 visible ASCII characters", () => {
    for (const good of ["k", "!", "~", "k".repeat(255)]) {
      expect(isIdempotencyKey(good), good).toBe(true);
      requireIdempotencyKey(good);
    }
    for (const bad of ["", " ", "a b", "é", "a\n", "k".repeat(256)]) {
      expect(isIdempotencyKey(bad), bad).toBe(false);
      expect(() => requireIdempotencyKey(bad), bad).toThrowError("validation_failed");
    }
  });
});

describe("the hash of an input", () => {
  it("differs for other verbs, fields and boundaries between fields", () => {
    const hashes = [
      hexOf("transfer", ["1", "XOF"]),
      hexOf("transfers", ["1", "XOF"]),
      hexOf("transfer", ["1", "XOF", null]),
      hexOf("transfer", ["1", "XOF", ""]),
      hexOf("transfer", ["1XOF", ""]),
      hexOf("transfer", [["1", "XOF"]]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("has one format, whether TypeScript or a function of the database writes the row", async () => {
    const [sender, receiver] = [await createUser(db), await createUser(db)];
    await fundWallet(db, sender.walletId, money(10_000n, "XOF"));
    const one = { walletNumber: receiver.walletNumber, amount: money(100n, "XOF"), note: "riz" };
    const keys = { transfer: newKey(), transfers: newKey(), vault: newKey(), deposit: newKey() };
    await sendTransfer(sender.context, { ...one, key: keys.transfer });
    await sendTransfers(sender.context, { transfers: [one], key: keys.transfers });
    const vault = {
      name: "Tabaski",
      currency: "XOF" as const,
      goal: "500",
      lockedUntil: "",
      key: keys.vault,
    };
    const { vaultId } = await createVault(sender.context, vault);
    const order = { vaultId: vaultId.toString(), amount: "200", key: keys.deposit };
    await putIntoVault(sender.context, order);
    const fields = [receiver.walletNumber, "100", "XOF", "riz"];
    expect(await storedHash(keys.transfer)).toBe(hexOf("transfer", fields));
    expect(await storedHash(keys.transfers)).toBe(hexOf("transfers", [fields]));
    expect(await storedHash(keys.vault)).toBe(hexOf("create_vault", ["Tabaski", "XOF", "500", null]));
    expect(await storedHash(keys.deposit)).toBe(hexOf("vault_deposit", [vaultId.toString(), "200", "XOF"]));
  });
});

describe("a claim", () => {
  /** A person's new claim, and the operation that it is for. */
  async function newClaim() {
    const { userId, walletId } = await createUser(db);
    const reference = await recordPendingDeposit(db, walletId, money(500n, "XOF"));
    return { userId, key: newKey(), input: { verb: "deposit", fields: ["500"] }, reference };
  }

  it("is its person's first, and stands for the operation from then on", async () => {
    const claim = await newClaim();
    expect(await findClaim(db, claim)).toBeNull();
    expect(await inTransaction(db, (tx) => claimKey(tx, claim))).toBeNull();
    const { reference } = claim;
    const again = { ...claim, reference: "another attempt" };
    expect(await inTransaction(db, (tx) => claimKey(tx, again))).toMatchObject({ reference });
    expect(await findClaim(db, claim)).toMatchObject({ reference });
    const { userId } = await createUser(db);
    expect(await findClaim(db, { ...claim, userId })).toBeNull();
    expect(await findClaim(db, { ...claim, key: newKey() })).toBeNull();
  });

  it("with other input is refused, for an operation and for an answer", async () => {
    const claim = await newClaim();
    await inTransaction(db, (tx) => claimKey(tx, claim));
    const other = { ...claim, input: { verb: "deposit", fields: ["501"] } };
    await expect(inTransaction(db, (tx) => claimKey(tx, other))).rejects.toThrowError("idempotency_mismatch");
    await expect(findClaim(db, other)).rejects.toThrowError("idempotency_mismatch");
    const answer = inTransaction(db, (tx) => claimKeyForAnswer(tx, other));
    await expect(answer).rejects.toThrowError("idempotency_mismatch");
  });

  it("for an answer keeps it", async () => {
    const claim = await newClaim();
    const first = await inTransaction(db, async (tx) => {
      const known = await claimKeyForAnswer(tx, claim);
      await storeAnswer(tx, claim, '{"vaultId":"1"}');
      return known;
    });
    expect(first).toBeNull();
    const second = await inTransaction(db, (tx) => claimKeyForAnswer(tx, claim));
    expect(JSON.parse(second ?? "")).toEqual({ vaultId: "1" });
    await expect(findClaim(db, claim)).rejects.toThrowError(InvariantError);
  });

  it("waits for one in flight, and is free again when that is rolled back", async () => {
    const claim = await newClaim();
    let isSecondDone = false;
    let second: Promise<unknown> = Promise.resolve();
    const first = inTransaction(db, async (tx) => {
      await claimKey(tx, claim);
      second = inTransaction(db, (other) => claimKey(other, claim)).then((known) => {
        isSecondDone = true;
        return known;
      });
      await tx.execute("select pg_sleep(0.05)");
      expect(isSecondDone).toBe(false);
      throw new Error("rolled back");
    });
    await expect(first).rejects.toThrowError("rolled back");
    expect(await second).toBeNull();
  });
});
