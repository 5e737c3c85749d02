import { z } from "zod";
import type { Random } from "@/e2e/resilience/random";
import type { ApiUser } from "@/e2e/support/credentials";
import type { Currency } from "@/lib/money/currency";
import type { Accepted, ApiRequest, Client } from "./client";
import type { ExpectedOperation } from "./oracle";

export type Person = Pick<ApiUser, "walletId" | "walletNumber" | "apiKey">;

/** An operation of a request: a list of transfers has several. */
interface Part {
  to?: Person;
  amount: number;
}

interface Order {
  /** Of the call, below /api/. */
  path: string;
  from: Person;
  currency: Currency;
  parts: readonly Part[];
  body: unknown;
  accepted: Accepted;
}

const part = z.object({
  reference: z.string().nullable(),
  code: z.string().nullish(),
  amount_minor: z.int(),
  fee_minor: z.int().default(0),
});
const list = z.object({ transfers: z.array(part) });
const payment = z
  .object({ references: z.tuple([z.string()]), amount_minor: z.int() })
  .transform(({ references: [reference], amount_minor }) => ({
    reference,
    code: null,
    amount_minor,
    fee_minor: 0,
  }));

/** What must exist when a request ends with this code; nothing does for any other one. */
const EXPECTED_AT: Readonly<Record<string, Partial<ExpectedOperation>>> = {
  provider_declined: {},
  outcome_unknown: { isUncertain: true },
};
/** The others' keys name an answer: a list has one for all its transfers. */
const KEY_NAMES_OPERATION = ["wallet/transfer", "wallet/deposit", "wallet/withdraw"];
const BANK = { method: "bank", bank_code: "058", account_number: "0123456789" };

/** Requests of money by the API, each with a key of its own, and the operations that must exist from then on. */
export class Requests {
  readonly expected: ExpectedOperation[] = [];
  /** How many were refused for want of money. */
  refusals = 0;
  readonly #made: { request: ApiRequest; shown: string }[] = [];

  constructor(
    readonly client: Client,
    readonly random: Random,
  ) {}

  key(): string {
    return `key-${this.random.hex(8)}`;
  }

  /** Sends francs to one recipient, or to several by a list. Returns the first reference; null when nothing was sent. */
  async transfer(
    from: Person,
    parts: readonly Required<Part>[],
    { isList = false, accepted = [200] as Accepted } = {},
  ): Promise<string | null> {
    const transfers = parts.map(({ to, amount }) => {
      return { wallet_number: to.walletNumber, amount, currency: "XOF", note: "crash test" };
    });
    const [path, body] = isList
      ? (["wallet/transfers", { transfers }] as const)
      : (["wallet/transfer", transfers[0]] as const);
    return await this.#send("transfer", { path, from, currency: "XOF", parts, body, accepted });
  }

  /** Requests a deposit or withdrawal: of francs by phone, or of kobo by card or bank account. Returns its reference if it is known. */
  async order(
    type: "deposit" | "withdrawal",
    from: Person,
    currency: Currency,
    {
      amount,
      phone = "+22670000001",
      accepted = [200] as Accepted,
    }: { amount?: number; phone?: string; accepted?: Accepted } = {},
  ): Promise<string | null> {
    const units = this.random.int(3_000, 40_000);
    const chosen = amount ?? (currency === "XOF" ? units : units * 100);
    const byPhone = { method: this.random.pick(["wave", "orange_money"]), phone };
    const means = currency === "XOF" ? byPhone : type === "deposit" ? { method: "card" } : BANK;
    const body = { amount: chosen, currency, ...means };
    const path = type === "deposit" ? "wallet/deposit" : "wallet/withdraw";
    return await this.#send(type, { path, from, currency, parts: [{ amount: chosen }], body, accepted });
  }

  /** Pays so many francs of a tontine's due. */
  async payDue(
    from: Person,
    dueId: string,
    amount: number,
    accepted: Accepted = [200],
  ): Promise<string | null> {
    const order = { from, currency: "XOF", parts: [{ amount }], body: { amount }, accepted } as const;
    return await this.#send("tontine_contribution", { path: `tontines/dues/${dueId}/pay`, ...order });
  }

  /** Sends some requests again that were carried out: each must have the same response. */
  async replay(count = this.#made.length): Promise<void> {
    for (const { request, shown } of this.random.shuffle(this.#made).slice(0, count)) {
      const again = shownOf((await this.client.call(request)).body);
      if (again !== shown)
        this.client.violations.push(`${request.path} had the response ${shown}, and later ${again}`);
    }
  }

  async #send(type: ExpectedOperation["type"], order: Order): Promise<string | null> {
    const { path, from, currency, parts, body, accepted } = order;
    const key = this.key();
    const request = { path: `/api/${path}`, credential: from.apiKey, key, body };
    const answer = await this.client.call(request, accepted);
    const operations = parts.map(({ to = null, amount }): ExpectedOperation => {
      return {
        type,
        from,
        to,
        currency,
        amountMinor: BigInt(amount),
        key: KEY_NAMES_OPERATION.includes(path) ? key : null,
      };
    });
    if (answer.status !== 200) {
      const more = EXPECTED_AT[answer.code ?? ""];
      if (more) this.expected.push(...operations.map((one) => ({ ...one, ...more })));
      if (answer.code === "insufficient_funds") this.refusals += 1;
      return null;
    }
    const answers = answersOf(answer.body);
    const isWhole = answers.every(({ reference, code, amount_minor }, index) => {
      return (reference === null) === (typeof code === "string") && amount_minor === parts[index]?.amount;
    });
    if (!isWhole || answers.length !== parts.length)
      this.client.violations.push(`${path} of ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`);
    this.#made.push({ request, shown: shownOf(answer.body) });
    this.expected.push(
      ...operations.flatMap((one, index) => {
        const { reference, fee_minor } = answers[index] ?? { reference: null, fee_minor: 0 };
        return reference === null ? [] : [{ ...one, reference, feeMinor: BigInt(fee_minor) }];
      }),
    );
    return answers.find(({ reference }) => reference !== null)?.reference ?? null;
  }
}

function answersOf(body: unknown) {
  const { data: transfers } = list.safeParse(body);
  return transfers?.transfers ?? [part.safeParse(body).data ?? payment.safeParse(body).data ?? []].flat();
}

/** A list as a whole; of other responses what never changes. */
function shownOf(body: unknown): string {
  const isList = list.safeParse(body).success;
  return isList
    ? JSON.stringify(body)
    : answersOf(body)
        .map(({ reference }) => reference)
        .join();
}
