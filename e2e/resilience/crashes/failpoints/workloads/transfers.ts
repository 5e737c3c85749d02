import { setTimeout as wait } from "node:timers/promises";
import { ifRefused } from "../child-process";
import type { CrashTest, Person, Workload } from "../crash-test";
import { signUp } from "./requests";

const NOBODY = "1234567890128";

interface Leg {
  wallet_number: string;
  amount: number;
  currency: "XOF";
  note: string;
}

/** The body of a transfer; its operation and both balance changes are expected from now on. */
function leg(test: CrashTest, from: Person, to: Person): Leg {
  const amount = test.random.int(1, 2_000);
  test.expectOperations(from);
  test.expectChange(from, "XOF", BigInt(-amount));
  test.expectChange(to, "XOF", BigInt(amount));
  return { wallet_number: to.walletNumber, amount, currency: "XOF", note: "crash test" };
}

async function pair(test: CrashTest): Promise<[Person, Person]> {
  const from = await test.createPerson({ XOF: 100_000n });
  return [from, await test.createPerson({ XOF: 100_000n })];
}

const PIN = "4907";
const OTHER_PIN = "830264";
/** Longer than a list of transfers waits for a lock. */
const LOCKED_MS = 5_500;

export const TRANSFERS: readonly Workload[] = [
  {
    name: "transfers one by one, and thirty at once",
    reaches: /^(transfers\/group-transfers\.callTransferPost\.|api\/wallet\/transfer:)/,
    async run(test) {
      const [from, to] = await pair(test);
      await test.arm();
      await test.postOk(from, "/api/wallet/transfer", leg(test, from, to), test.key());
      const many = Array.from({ length: 30 }, () => ({ body: leg(test, to, from), key: test.key() }));
      await Promise.all(many.map(({ body, key }) => test.postOk(to, "/api/wallet/transfer", body, key)));
    },
  },
  {
    name: "transfers from an account that stays locked are sent one by one",
    reaches: /^transfers\/group-transfers\.callTransferPost\w/,
    async run(test) {
      const [from, to] = await pair(test);
      await test.arm();
      const many = Array.from({ length: 3 }, () => ({ body: leg(test, from, to), key: test.key() }));
      const address = `wallet/${from.walletId}/XOF/available`;
      const sent = await test.harness.deployment.owner.begin(async (sql) => {
        await sql`select from ledger_accounts where address = ${address} for update`;
        const sending = many.map(({ body, key }) => test.postOk(from, "/api/wallet/transfer", body, key));
        await wait(LOCKED_MS);
        return { sending };
      });
      await Promise.all(sent.sending);
    },
  },
  {
    name: "a list of transfers, one to an unknown wallet number",
    reaches: /^(transfers\/(send-transfers|failed-look-ups)|api\/wallet\/transfers:)/,
    async run(test) {
      const [from, to] = await pair(test);
      await test.arm();
      const legs = Array.from({ length: test.random.int(2, 12) }, () => leg(test, from, to));
      const wrong = { wallet_number: NOBODY, amount: 1, currency: "XOF", note: "nobody" };
      const body = { transfers: [...legs, wrong] };
      const key = test.key();
      const first = await test.postOk(from, "/api/wallet/transfers", body, key);
      const again = await test.postOk(from, "/api/wallet/transfers", body, key);
      const same = JSON.stringify(again) === JSON.stringify(first);
      test.check(same, "a list with the same key has the same response");
    },
  },
  {
    name: "a transfer by the pages: recipient look-up, quote, PIN",
    reaches: /^(transfers\/(quote-transfer|look-up-recipient)|identity\/pin\/(check-pin|set-pin\.insertPin))/,
    async run(test) {
      const [from, to] = await pair(test);
      await test.arm();
      await test.harness.verb("setPin", from.actor, { pin: PIN });
      const { wallet_number: walletNumber, amount, currency, note } = leg(test, from, to);
      const typed = { walletNumber, amount: String(amount), currency, note };
      const { quoteId } = await test.harness.verb("quoteTransfer", from.actor, typed);
      const { reference } = await test.harness.verb("confirmTransfer", from.actor, { quoteId, pin: PIN });
      const again = await test.harness.verb("confirmTransfer", from.actor, { quoteId, pin: PIN });
      test.check(again.reference === reference, "a quote becomes one transfer");
      await checkNoWrongAttempts(test, from);
    },
  },
  {
    name: "a PIN is changed, with the old PIN and with the password",
    reaches: /^(identity\/pin\/set-pin\.(replacePin|consume|giveBack)|identity\/users\/sign-up)/,
    async run(test) {
      const person = await test.createPerson();
      await test.harness.verb("setPin", person.actor, { pin: PIN });
      await test.arm();
      const { email, password } = await signUp(test, test.random.hex(6));
      await test.harness
        .verb("setPin", person.actor, { pin: OTHER_PIN, currentPin: PIN })
        .catch(ifRefused("pin_wrong", null));
      await test.harness.verb("checkPin", person.actor, OTHER_PIN);
      await checkNoWrongAttempts(test, person);
      const [row] = await test.harness.deployment.owner<
        { id: string }[]
      >`select id from users where email = ${email}`;
      const actor = { kind: "user", userId: BigInt(row?.id ?? 0), sessionId: crypto.randomUUID() } as const;
      await test.harness.verb("setPin", actor, { pin: PIN });
      await test.harness.verb("setPin", actor, { pin: OTHER_PIN, password });
      await test.harness.verb("checkPin", actor, OTHER_PIN);
    },
  },
];

/** A right PIN leaves no counted attempt behind, even when its response was lost. */
async function checkNoWrongAttempts(test: CrashTest, person: Person): Promise<void> {
  const [row] = await test.harness.deployment.owner<{ wrong_tries: number; locked: boolean }[]>`
    select wrong_tries, locked_until is not null as locked from pins where user_id = ${person.userId.toString()}`;
  const isClear = row?.wrong_tries === 0 && !row.locked;
  test.check(isClear, `after a right PIN no wrong attempt is counted, not ${row?.wrong_tries ?? "no PIN"}`);
}
