// Transfers, vaults and the PIN that confirms them.
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { ApiUser } from "@/e2e/support/credentials";
import { checkPin } from "@/lib/services/identity/pin/check-pin";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { setPayableByPhone } from "@/lib/services/identity/users/set-payable-by-phone";
import { blockRequester, unblockRequester } from "@/lib/services/money-requests/block-requester";
import { createMoneyRequest } from "@/lib/services/money-requests/create-money-request";
import { cancelMoneyRequest, declineMoneyRequest } from "@/lib/services/money-requests/end-money-request";
import { payMoneyRequest } from "@/lib/services/money-requests/pay-money-request";
import { quoteMoneyRequest } from "@/lib/services/money-requests/quote-money-request";
import { createReceiptLink } from "@/lib/services/receipts/create-receipt-link";
import { getSharedReceipt } from "@/lib/services/receipts/get-shared-receipt";
import { revokeReceiptLink } from "@/lib/services/receipts/revoke-receipt-link";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { createVault } from "@/lib/services/vaults/create-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { takeFromVault } from "@/lib/services/vaults/take-from-vault";
import { updateVault } from "@/lib/services/vaults/update-vault";
import type { Person } from "../../requests";
import { type CrashTest, workload } from "../crash-test";
import { signUpPerson } from "./access";

const NOBODY: Person = { walletId: 0n, walletNumber: "1234567890128", apiKey: "" };
const PIN = "4907";
const OTHER_PIN = "830264";
/** Longer than a list of transfers waits for a lock. */
const LOCKED_MS = 5_500;

const personWithFrancs = (test: CrashTest) => test.createPerson({ XOF: 100_000n });

async function pair(test: CrashTest) {
  return { from: await personWithFrancs(test), to: await personWithFrancs(test) };
}

/** Transfers to one person, of random amounts. */
function drawParts({ random }: CrashTest, to: Person, count: number) {
  return Array.from({ length: count }, () => ({ to, amount: random.int(1, 2_000) }));
}

/** Sends transfers at once, each with a key of its own. */
function sendAtOnce(test: CrashTest, from: ApiUser, to: ApiUser, count: number): Promise<unknown> {
  return Promise.all(drawParts(test, to, count).map((part) => test.transfer(from, [part])));
}

/** Creates the `count`-th vault of a person. */
export async function newVault(test: CrashTest, person: ApiUser, count: number): Promise<string> {
  const input = { name: "École", currency: "XOF", goal: "50000", lockedUntil: "", key: test.key() } as const;
  const { vaultId } = await test.run(createVault, person, input);
  const vaults = await test.sql`select id from vaults where wallet_id = ${person.walletId.toString()}`;
  test.equal(vaults.length, count, "vaults created, with a key each");
  return vaultId.toString();
}

/** A right PIN leaves no counted attempt behind, even when its response was lost. */
async function checkNoWrongAttempts(test: CrashTest, { userId }: ApiUser): Promise<void> {
  const rows = await test.sql`
    select wrong_tries, locked_until from pins where user_id = ${userId.toString()}`;
  test.equal(rows, [{ wrong_tries: 0, locked_until: null }], "after a right PIN");
}

/** Requests money by a link, which anybody may pay. Returns the request's id. */
async function askByApi(test: CrashTest, { apiKey: credential }: Person, amount: number): Promise<string> {
  const request = {
    path: "/api/wallet/requests",
    credential,
    key: test.key(),
    body: { amount, currency: "XOF" },
  };
  return z.object({ id: z.string() }).parse((await test.client.call(request)).body).id;
}

/** The reference of the newest transfer that a person sent. */
async function newestReference(test: CrashTest, { walletId }: Person): Promise<string> {
  const [row] = await test.sql`
    select reference from operations where wallet_id = ${walletId.toString()} and type = 'transfer' order by id desc limit 1`;
  return String(row?.reference);
}

export const WALLETS = [
  workload({
    name: "transfers one by one, and thirty at once",
    reaches: /^(transfers\/group-transfers\.callTransferPost\.|api\/wallet\/transfer:)/,
    setUp: pair,
    send: async (test, { from, to }) => {
      await sendAtOnce(test, from, to, 1);
      await sendAtOnce(test, to, from, 30);
    },
  }),
  workload({
    name: "transfers from an account that stays locked are sent one by one",
    reaches: /^transfers\/group-transfers\.callTransferPost\w/,
    setUp: pair,
    send: async (test, { from, to }) => {
      const address = `wallet/${from.walletId}/XOF/available`;
      const { sending } = await test.sql.begin(async (sql) => {
        await sql`select from ledger_accounts where address = ${address} for update`;
        const sending = sendAtOnce(test, from, to, 3);
        await wait(LOCKED_MS);
        return { sending };
      });
      await sending;
    },
  }),
  workload({
    name: "a list of transfers, one to an unknown wallet number",
    reaches: /^(transfers\/(send-transfers|failed-look-ups)|api\/wallet\/transfers:)/,
    setUp: pair,
    send: async (test, { from, to }) => {
      const parts = drawParts(test, to, test.random.int(2, 12));
      await test.transfer(from, [...parts, { to: NOBODY, amount: 1 }], { isList: true });
      await test.replay();
    },
  }),
  workload({
    name: "a transfer by the pages: recipient look-up, quote, PIN",
    reaches: /^(transfers\/(quote-transfer|look-up-recipient)|identity\/pin\/(check-pin\.[a-z]|set-pin\.1))/,
    setUp: pair,
    send: async (test, { from, to }) => {
      await test.runOnce(["pin_required"], setPin, from, { pin: PIN });
      const { walletNumber } = to;
      const amount = test.random.int(1, 2_000);
      test.expect("transfer", from, amount, { to });
      const typed = { walletNumber, amount: String(amount), currency: "XOF", note: "crash test" } as const;
      const { quoteId } = await test.run(quoteTransfer, from, typed);
      const { reference } = await test.run(confirmTransfer, from, { quoteId, pin: PIN });
      const again = await test.run(confirmTransfer, from, { quoteId, pin: PIN });
      test.equal(again.reference, reference, "the transfer that a quote became");
      await checkNoWrongAttempts(test, from);
    },
  }),
  workload({
    name: "a link to a receipt is made, ended, and made anew",
    reaches: /^receipts\//,
    setUp: pair,
    send: async (test, { from, to }) => {
      const amount = test.random.int(1, 2_000);
      const reference = await test.transfer(from, [{ to, amount }]).then(() => newestReference(test, from));
      const { id } = await test.run(createReceiptLink, to, reference);
      await test.run(revokeReceiptLink, to, id);
      const { token } = await test.run(createReceiptLink, to, reference);
      const stranger = { kind: "anonymous" } as const;
      // Only what is not found is counted.
      await test.runOnce(["not_found"], getSharedReceipt, stranger, "A".repeat(22), [test.key()]);
      const shown = await test.run(getSharedReceipt, stranger, token ?? "", [test.key()]);
      test.equal(shown.isEnded, false, "the receipt behind the second link has ended");
      const rows = await test.sql`
        select revoked_at is null as lives from receipt_links where wallet_id = ${to.walletId.toString()} order by created_at`;
      test.equal(rows, [{ lives: false }, { lives: true }], "the links");
    },
  }),
  workload({
    name: "money is asked for by name and by link, paid, declined and cancelled, and the asker is blocked",
    reaches: /^(money-requests\/|identity\/users\/set-payable-by-phone|api\/wallet\/requests:)/,
    setUp: pair,
    send: async (test, { from, to }) => {
      const { walletNumber } = from;
      const amount = test.random.int(1, 2_000);
      const typed = { amount: String(amount), currency: "XOF", note: "crash test" } as const;
      const ask = async (of: string) => {
        const form = { ...typed, walletNumber: of, key: test.key() };
        return (await test.run(createMoneyRequest, to, form)).requestId;
      };
      await test.run(setPayableByPhone, from, false);
      await test.runOnce(["pin_required"], setPin, from, { pin: PIN });
      const named = { requestId: await ask(walletNumber), token: "" };
      test.expect("transfer", from, amount, { to });
      const { quoteId } = await test.run(quoteMoneyRequest, from, named);
      const { reference } = await test.run(payMoneyRequest, from, { quoteId, pin: PIN });
      test.equal(await test.run(payMoneyRequest, from, { quoteId, pin: PIN }), { reference }, "the payment");
      const declined = await ask(walletNumber);
      await test.run(declineMoneyRequest, from, declined);
      const cancelled = await askByApi(test, to, amount);
      await test.run(cancelMoneyRequest, to, cancelled);
      await test.run(blockRequester, from, named);
      await test.run(unblockRequester, from, to.walletNumber);
      const rows = await test.sql`
        select id, state, payment_reference from money_requests where wallet_id = ${to.walletId.toString()} order by created_at`;
      const ended = { payment_reference: null };
      test.equal(
        rows,
        [
          { id: named.requestId, state: "paid", payment_reference: reference },
          { id: declined, state: "declined", ...ended },
          { id: cancelled, state: "cancelled", ...ended },
        ],
        "the requests",
      );
      const told = await test.sql`
        select kind, count(*)::int as times from notices
        where user_id in (${from.userId.toString()}, ${to.userId.toString()}) and kind like 'money_request%'
        group by kind order by kind`;
      test.equal(
        told,
        [
          { kind: "money_request_declined", times: 1 },
          { kind: "money_request_paid", times: 1 },
          { kind: "money_requested", times: 2 },
        ],
        "the notices of requests",
      );
    },
  }),
  workload({
    name: "a first PIN is set, and another one changed",
    reaches: /^(identity\/pin\/set-pin\.|identity\/users\/sign-up)/,
    setUp: async (test) => {
      const person = await test.createPerson();
      await test.runOnce(["pin_required"], setPin, person, { pin: PIN });
      return person;
    },
    send: async (test, person) => {
      await test.runOnce(["pin_wrong"], setPin, person, { pin: OTHER_PIN, currentPin: PIN });
      await test.run(checkPin, person, OTHER_PIN);
      await checkNoWrongAttempts(test, person);
      const { userId } = await signUpPerson(test, test.random.hex(6));
      const actor = { kind: "user", userId, sessionId: crypto.randomUUID() } as const;
      await test.runOnce(["pin_required"], setPin, actor, { pin: PIN });
      await test.run(checkPin, actor, PIN);
    },
  }),
  workload({
    name: "a vault is created, filled, emptied, updated and closed, and another one locked with money in it",
    reaches: /^vaults\/(create-vault|put-into-vault|take-from-vault|update-vault|close-vault|lock-vault)/,
    setUp: personWithFrancs,
    send: async (test, person) => {
      const amount = String(test.random.int(100, 40_000));
      const fill = async (vaultId: string) => {
        test.expect("vault_deposit", person, Number(amount));
        await test.run(putIntoVault, person, { vaultId, amount, key: test.key() });
      };
      const [vaultId, other] = [await newVault(test, person, 1), await newVault(test, person, 2)];
      await fill(vaultId);
      await test.run(updateVault, person, { vaultId, name: "Fête", goal: "" });
      test.expect("vault_withdrawal", person, Number(amount));
      await test.run(takeFromVault, person, { vaultId, amount, key: test.key() });
      await test.run(closeVault, person, { vaultId });
      await fill(other);
      const inDays = test.random.int(10, 90);
      const lockedUntil = new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10);
      await test.run(lockVault, person, { vaultId: other, lockedUntil });
      const rows = await test.sql`
        select name, closed_at is not null as closed, (locked_until at time zone 'UTC')::date::text as locked
        from vaults where id = any (${[vaultId, other]}::bigint[]) order by id`;
      const kept = { name: "École", closed: false, locked: lockedUntil };
      test.equal(rows, [{ name: "Fête", closed: true, locked: null }, kept], "the vaults");
    },
  }),
];
