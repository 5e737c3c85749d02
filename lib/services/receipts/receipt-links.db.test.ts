import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { groupReference } from "@/lib/ids";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { confirmTransfer } from "../transfers/confirm-transfer";
import { quoteTransfer } from "../transfers/quote-transfer";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { createReceiptLink } from "./create-receipt-link";
import { getSharedReceipt, type LinkedReceipt } from "./get-shared-receipt";
import { listReceiptLinks } from "./list-receipt-links";
import { revokeReceiptLink } from "./revoke-receipt-link";

const { db, owner } = await useDatabase({ alone: true });
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const DAY_MS = 24 * 60 * 60 * 1000;
const later = (context: TestUser["context"], days: number) => ({
  ...context,
  now: new Date(Date.now() + days * DAY_MS),
});

let awa: TestUser;
let moussa: TestUser;
/** A transfer from Awa to Moussa. */
let sent: string;

beforeAll(async () => {
  awa = await createUser(db, { pin: TEST_PIN });
  moussa = await createUser(db, { firstName: "Moussa", lastName: "Diallo" });
  await fundWallet(db, awa.walletId, money(50_000n, "XOF"));
  const transfer = {
    walletNumber: moussa.walletNumber,
    amount: "1 500",
    currency: "XOF",
    note: "Le riz",
  } as const;
  const { quoteId } = await quoteTransfer(awa.context, transfer);
  sent = (await confirmTransfer(awa.context, { quoteId, pin: TEST_PIN })).reference;
});

/** As a stranger sees it. */
async function open(token: string | null, network: string = randomUUID(), days = 0): Promise<LinkedReceipt> {
  return await getSharedReceipt(later(createContext(db), days), token ?? "", [network]);
}

async function openLive(token: string | null) {
  const shown = await open(token);
  if (shown.isEnded) throw new Error("the link has ended");
  return shown;
}

async function linksOf(person: TestUser, reference = sent) {
  return await listReceiptLinks(person.context, await getOperation(person.context, reference));
}

describe("a link to a receipt", () => {
  it("has 128 bits, of which the database holds the hash alone", async () => {
    const { id, token } = await createReceiptLink(awa.context, sent);
    expect(token).toMatch(/^[\w-]{22}$/);
    const [row] = await owner<
      { token_hash: Buffer }[]
    >`select token_hash from receipt_links where id = ${id}`;
    expect(row?.token_hash).toEqual(createHash("sha256").update(String(token)).digest());
    const [{ text } = { text: "" }] = await owner<{ text: string }[]>`
      select row_to_json(l)::text as text from receipt_links l where id = ${id}`;
    expect(text).not.toContain(token);
  });

  it("is the same one again, until it is revoked or soon ends; taps at once make one", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => createReceiptLink(moussa.context, sent)));
    const ids = new Set(made.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const renewed = await createReceiptLink(later(moussa.context, 61), sent);
    expect(ids).not.toContain(renewed.id);
    expect((await linksOf(moussa)).map(({ id }) => id)).toEqual([renewed.id, ...ids]);
    for (const { id } of await linksOf(moussa)) await revokeReceiptLink(moussa.context, id);
    expect(await linksOf(moussa)).toEqual([]);
    const again = await createReceiptLink(moussa.context, sent);
    expect(ids).not.toContain(again.id);
  });

  it("is each side's own, and nobody else's to make, list or revoke", async () => {
    const stranger = await createUser(db);
    const mine = await createReceiptLink(awa.context, sent);
    const theirs = await createReceiptLink(moussa.context, sent);
    expect(mine.id).not.toBe(theirs.id);
    expect((await linksOf(awa)).map(({ id }) => id)).not.toContain(theirs.id);
    await expect(createReceiptLink(stranger.context, sent)).rejects.toMatchObject({ code: "not_found" });
    for (const person of [stranger, moussa]) {
      await expect(revokeReceiptLink(person.context, mine.id)).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await openLive(mine.token)).toMatchObject({ isEnded: false });
    for (const id of ["", "x", randomUUID(), "\u0000"]) {
      await expect(revokeReceiptLink(awa.context, id)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("is a person's: no API key makes or ends one", async () => {
    const key = createContext(db, { kind: "api_key", userId: awa.userId, keyId: 1n });
    await expect(createReceiptLink(key, sent)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(revokeReceiptLink(key, randomUUID())).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("changes in no other way than that it ends, in the database too", async () => {
    const { id } = await createReceiptLink(awa.context, sent);
    const revive = owner`update receipt_links set revoked_at = null, expires_at = now() + interval '1 year' where id = ${id}`;
    await expect(revive).rejects.toThrow("only revoked, once");
    await expect(owner`delete from receipt_links where id = ${id}`).rejects.toThrow();
    const { id: other } = await getOperation(awa.context, sent);
    const foreign = await createUser(db);
    await expect(
      owner`insert into receipt_links (id, token_hash, operation_id, wallet_id, expires_at)
        values (${randomUUID()}, '\\x00', ${other.toString()}, ${foreign.walletId.toString()}, now() + interval '1 day')`,
    ).rejects.toThrow("one of the operation's two sides");
  });
});

describe("what a link shows to a stranger", () => {
  it("is masked: names as to the other side, no note, no whole number, no balance", async () => {
    const { token } = await createReceiptLink(awa.context, sent);
    const shown = await openLive(token);
    expect(shown.ownerName).toBe("Awa T.");
    expect(shown.operation.counterparty).toEqual({
      name: "Moussa D.",
      walletNumber: `••${moussa.walletNumber.slice(-4)}`,
    });
    expect(shown.operation).toMatchObject({ direction: "out", status: "succeeded", note: null });
    const all = JSON.stringify(shown, (_key, value) => (typeof value === "bigint" ? String(value) : value));
    for (const secret of ["Traoré", "Diallo", "Le riz", awa.walletNumber, moussa.walletNumber, awa.email]) {
      expect(all).not.toContain(secret);
    }
    const theirs = await openLive((await createReceiptLink(moussa.context, sent)).token);
    expect(theirs).toMatchObject({ ownerName: "Moussa D.", operation: { direction: "in" } });
  });

  it("masks phone numbers and the provider's references", async () => {
    const reference = await fundWallet(db, awa.walletId, money(700n, "XOF"));
    const { operation } = await openLive((await createReceiptLink(awa.context, reference)).token);
    expect(operation.phone).not.toContain("70000001");
    expect(operation).toMatchObject({ providerReference: null, paymentUrl: null });
  });

  it("is what is true now: a refunded withdrawal says refunded", async () => {
    const order = { amount: "2 000", phone: "70 00 00 04", method: "orange_money", currency: "XOF" } as const;
    const { quoteId } = await quoteWithdrawal(awa.context, order, "BF");
    const { reference, id } = await requestWithdrawal(awa.context, { quoteId, pin: TEST_PIN });
    const { token } = await createReceiptLink(awa.context, groupReference(reference));
    expect((await openLive(token)).operation.status).toBe("in_progress");
    provider.onPayout = async () => {
      throw new ProviderError("declined", "test");
    };
    await submitWithdrawal(createContext(db, { kind: "system" }), id);
    const { operation } = await openLive(token);
    expect(operation.status).toBe("refunded");
    expect(operation.steps.at(-1)?.state).toBe("refunded");
  });

  it("has its place in the sealed ledger once it is sealed", async () => {
    const reference = await fundWallet(db, awa.walletId, money(900n, "XOF"));
    const { token } = await createReceiptLink(awa.context, reference);
    const before = await openLive(token);
    expect(before.seal).toMatchObject({ entryId: expect.any(BigInt), seal: null });
    while ((await sealLedger(db)) > 0);
    const { seal } = (await openLive(token)).seal;
    const [row] = await owner<{ number: string; root: string }[]>`
      select number, encode(root, 'hex') as root from ledger_seals where subject = 'entries'
      and ${String(before.seal.entryId)}::bigint between from_id and to_id`;
    expect(seal).toMatchObject({ number: BigInt(row?.number ?? 0), root: row?.root });
  });
});

describe("a link that doesn't open", () => {
  it("was revoked, or is older than 90 days", async () => {
    const { id, token } = await createReceiptLink(awa.context, sent);
    expect(await open(token, randomUUID(), 89)).toMatchObject({ isEnded: false });
    expect(await open(token, randomUUID(), 91)).toEqual({ isEnded: true });
    await revokeReceiptLink(awa.context, id);
    await revokeReceiptLink(awa.context, id);
    expect(await open(token)).toEqual({ isEnded: true });
  });

  it("has a token that nobody was given, whatever it looks like", async () => {
    for (const token of ["", "A".repeat(22), "A".repeat(5_000), "\u0000", "'--", "é".repeat(22)]) {
      await expect(open(token), token).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("is looked up sixty times from one network; a link that exists opens all the same", async () => {
    const { token } = await createReceiptLink(awa.context, sent);
    const network = randomUUID();
    for (let guess = 0; guess < 60; guess += 1) {
      await expect(open(guess % 2 ? "B".repeat(22) : "x", network)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    await expect(open("C".repeat(22), network)).rejects.toMatchObject({ code: "rate_limited" });
    expect(await open(token, network)).toMatchObject({ isEnded: false });
    await expect(open("C".repeat(22))).rejects.toMatchObject({ code: "not_found" });
  });
});
