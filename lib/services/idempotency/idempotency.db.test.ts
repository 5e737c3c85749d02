import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { createVault } from "../vaults/create-vault";
import { putIntoVault } from "../vaults/put-into-vault";
import { hashOfInput, type KeyedInput } from "./input-hash";
import { IDEMPOTENCY_KEY_LENGTH_MAX, IDEMPOTENCY_KEY_PATTERN, isIdempotencyKey } from "./key";

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
    for (const good of ["k", "!", "~", "k".repeat(255)]) expect(isIdempotencyKey(good), good).toBe(true);
    for (const bad of ["", " ", "a b", "é", "a\n", "k".repeat(256)]) {
      expect(isIdempotencyKey(bad), bad).toBe(false);
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
