import type { Play, Player, Scenario } from "../play";
import { ifRefused } from "./refused";

const NOBODY = "1234567890128";

interface Leg {
  wallet_number: string;
  amount: number;
  currency: "XOF";
  note: string;
}

/** A transfer between two players, counted on both sides. */
function leg(play: Play, from: Player, to: Player): Leg {
  const amount = play.random.int(1, 2_000);
  play.asks(from);
  play.moves(from, "XOF", BigInt(-amount));
  play.moves(to, "XOF", BigInt(amount));
  return { wallet_number: to.walletNumber, amount, currency: "XOF", note: "proof" };
}

async function pair(play: Play): Promise<[Player, Player]> {
  const from = await play.person({ XOF: 100_000n });
  return [from, await play.person({ XOF: 100_000n })];
}

/** A PIN is four to six digits that aren't easily guessed. */
const PIN = "4907";
const OTHER_PIN = "830264";

export const TRANSFERS: readonly Scenario[] = [
  {
    name: "transfers one by one, and thirty at once",
    reaches: /^(transfers\/group-transfers|api\/wallet\/transfer:)/,
    async run(play) {
      const [from, to] = await pair(play);
      await play.begin();
      await play.ok(from, "/api/wallet/transfer", leg(play, from, to), play.key());
      const many = Array.from({ length: 30 }, () => ({ body: leg(play, to, from), key: play.key() }));
      await Promise.all(many.map(({ body, key }) => play.ok(to, "/api/wallet/transfer", body, key)));
    },
  },
  {
    name: "a list of transfers, some to numbers that nobody has",
    reaches: /^(transfers\/(send-transfers|misses)|api\/wallet\/transfers:)/,
    async run(play) {
      const [from, to] = await pair(play);
      await play.begin();
      const legs = Array.from({ length: play.random.int(2, 12) }, () => leg(play, from, to));
      const wrong = { wallet_number: NOBODY, amount: 1, currency: "XOF", note: "nobody" };
      const body = { transfers: [...legs, wrong] };
      const key = play.key();
      const first = await play.ok(from, "/api/wallet/transfers", body, key);
      const again = await play.ok(from, "/api/wallet/transfers", body, key);
      const same = JSON.stringify(again) === JSON.stringify(first);
      play.check(same, "a list with the same key has the same answer for ever");
    },
  },
  {
    name: "a transfer as the pages ask for it: a name, a quote, a PIN",
    reaches: /^(transfers\/(quote-transfer|look-up-recipient)|identity\/pin\/(check-pin|set-pin\.insertPin))/,
    async run(play) {
      const [from, to] = await pair(play);
      await play.begin();
      await play.stage.verb("setPin", from.actor, { pin: PIN });
      const { wallet_number: walletNumber, amount, currency, note } = leg(play, from, to);
      const typed = { walletNumber, amount: String(amount), currency, note };
      const { quoteId } = await play.stage.verb("quoteTransfer", from.actor, typed);
      const { reference } = await play.stage.verb("confirmTransfer", from.actor, { quoteId, pin: PIN });
      const again = await play.stage.verb("confirmTransfer", from.actor, { quoteId, pin: PIN });
      play.check(again.reference === reference, "a quote is confirmed as one transfer");
      await checkTries(play, from);
    },
  },
  {
    name: "a PIN is changed, by itself and by a password",
    reaches: /^(identity\/pin\/set-pin\.(replacePin|consume|giveBack)|identity\/users\/sign-up)/,
    async run(play) {
      const player = await play.person();
      await play.stage.verb("setPin", player.actor, { pin: PIN });
      const email = `pin-${play.random.hex(6)}@example.test`;
      const password = `proof-${play.random.hex(8)}`;
      const profile = { email, password, firstName: "Awa", lastName: "", phone: null, locale: "fr" } as const;
      await play.begin();
      // Signed up already when the first answer was lost.
      await play.stage
        .verb("signUp", { kind: "anonymous" }, profile, play.random.hex(6))
        .catch(ifRefused("email_taken", null));
      await play.stage
        .verb("setPin", player.actor, { pin: OTHER_PIN, currentPin: PIN })
        .catch(ifRefused("pin_wrong", null));
      await play.stage.verb("checkPin", player.actor, OTHER_PIN);
      await checkTries(play, player);
      const [row] = await play.stage.deployment.owner<
        { id: string }[]
      >`select id from users where email = ${email}`;
      const actor = { kind: "user", userId: BigInt(row?.id ?? 0), sessionId: crypto.randomUUID() } as const;
      await play.stage.verb("setPin", actor, { pin: PIN });
      await play.stage.verb("setPin", actor, { pin: OTHER_PIN, password });
      await play.stage.verb("checkPin", actor, OTHER_PIN);
    },
  },
];

/** A try that was right counts for nothing, even if nobody heard that it was. */
async function checkTries(play: Play, player: Player): Promise<void> {
  const [row] = await play.stage.deployment.owner<{ wrong_tries: number; locked: boolean }[]>`
    select wrong_tries, locked_until is not null as locked from pins where user_id = ${player.userId.toString()}`;
  const isClear = row?.wrong_tries === 0 && !row.locked;
  play.check(isClear, `after a right PIN no wrong try is left, not ${row?.wrong_tries ?? "no PIN"}`);
}
