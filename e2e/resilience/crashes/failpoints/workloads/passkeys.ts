// Passkeys: added, used to sign in and to confirm money out, removed.
import { createSoftwarePasskey } from "@/e2e/support/software-passkey";
import { addPasskey } from "@/lib/services/identity/passkeys/add-passkey";
import { startConfirmation } from "@/lib/services/identity/passkeys/check-confirmation";
import {
  authenticateWithPasskey,
  startPasskeySignIn,
} from "@/lib/services/identity/passkeys/passkey-sign-in";
import { removePasskey } from "@/lib/services/identity/passkeys/remove-passkey";
import { startAddingPasskey } from "@/lib/services/identity/passkeys/start-adding-passkey";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { confirmTransfer } from "@/lib/services/transfers/confirm-transfer";
import { quoteTransfer } from "@/lib/services/transfers/quote-transfer";
import { ANONYMOUS, type CrashTest, workload } from "../crash-test";

const PIN = "4907";
const AMOUNT = 1_000;
/** A challenge is used up by the attempt whose answer was lost: the next one asks again. */
const REFUSED = ["passkey_refused"];
const TRIES = 4;

/** Asks and answers until an answer came through. */
async function untilDone<T>(attempt: () => Promise<T | null>): Promise<T | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const done = await attempt();
    if (done !== null) return done;
  }
  return null;
}

async function setUp(test: CrashTest) {
  const person = await test.createPerson({ XOF: 100_000n });
  const to = await test.createPerson();
  const newPin = { pin: PIN, pinAgain: PIN, currentPin: "", password: "", version: "", next: "" };
  await test.runOnce(["pin_required"], setPin, person, newPin);
  return { person, to };
}

export const PASSKEYS = [
  workload({
    name: "a passkey is added, signs in, confirms a transfer, and is removed",
    reaches: /^identity\/passkeys\//,
    setUp,
    send: async (test, { person, to }) => {
      const { origin, hostname: rpId } = new URL(test.harness.deployment.url);
      const site = { origin, rpId };
      const passkey = createSoftwarePasskey();
      const userId = person.userId.toString();
      const countStored = async () =>
        (await test.sql`select 1 from passkeys where user_id = ${userId}`).length || null;
      await untilDone(async () => {
        const answer = passkey.create(await test.run(startAddingPasskey, person, PIN), site);
        await test.runOnce(REFUSED, addPasskey, person, { answer, device: "Crash test" });
        return await countStored();
      });
      test.equal(await countStored(), 1, "passkeys after one was added");
      const signedIn = await untilDone(async () => {
        const request = await test.run(startPasskeySignIn, ANONYMOUS, test.random.hex(6));
        return await test.runOnce(REFUSED, authenticateWithPasskey, ANONYMOUS, passkey.sign(request, site));
      });
      test.equal(signedIn?.userId.toString(), userId, "who signed in with a passkey");
      const typed = {
        walletNumber: to.walletNumber,
        amount: String(AMOUNT),
        currency: "XOF" as const,
        note: "",
      };
      const { quoteId } = await test.run(quoteTransfer, person, typed);
      const sent = await untilDone(async () => {
        const request = await test.run(startConfirmation, person, quoteId);
        const confirmation = { quoteId, pin: "", passkey: passkey.sign(request, site) };
        return await test.runOnce(REFUSED, confirmTransfer, person, confirmation);
      });
      test.expect("transfer", person, AMOUNT, { to, reference: sent?.reference ?? "missing", key: quoteId });
      const [stored] = await test.sql`select id from passkeys where user_id = ${userId}`;
      await test.runOnce(["not_found"], removePasskey, person, BigInt(stored?.id ?? 0));
      test.equal(await countStored(), null, "passkeys after it was removed");
      const notices = await test.sql`select kind from notices
        where user_id = ${userId} and kind like 'passkey%' order by id`;
      const kinds = notices.map(({ kind }) => kind);
      test.equal(kinds, ["passkey_added", "passkey_removed"], "notices of a passkey");
    },
  }),
];
