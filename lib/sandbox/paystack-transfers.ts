import { createHash, randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import type { BookEntry, Recipient } from "./book";
import { type Incoming, parseJson, type Reply } from "./http";
import { accountName, bankName } from "./paystack-banks";
import {
  answerAfterAccepting,
  explainInvalid,
  kobo,
  newEntry,
  type PaystackOptions,
  refusalOf,
  scenarioOf,
} from "./paystack-call";
import {
  acceptedRecipient,
  acceptedTransfer,
  isHidden,
  isPaystack,
  refuse,
  transferData,
  worked,
} from "./paystack-shapes";

const RECIPIENTS_MAX = 10_000;
/** In kobo, ten thousand million naira: enough for every test. */
const OPENING_BALANCE = 1_000_000_000_000;

const recipientSchema = z.object({
  type: z.literal("nuban"),
  name: z.string().min(1).max(200),
  account_number: z.string().regex(/^[0-9]{10}$/),
  bank_code: z.string().max(12),
  currency: z.literal("NGN").default("NGN"),
});

// Unlike a charge's: lower case only, and not short.
const transferSchema = z.object({
  source: z.literal("balance"),
  amount: kobo,
  recipient: z.string().max(64),
  reference: z.string().regex(/^[a-z0-9_-]{16,50}$/),
  reason: z.string().max(200).optional(),
  currency: z.literal("NGN").default("NGN"),
});

type Transfer = z.infer<typeof transferSchema>;

/** The same account is the same recipient. */
function recipientCode(bankCode: string, accountNumber: string): string {
  const digest = createHash("sha256").update(`${bankCode} ${accountNumber}`).digest("hex");
  return `RCP_${digest.slice(0, 15)}`;
}

/** POST /transferrecipient. */
function createRecipient(incoming: Incoming, recipients: Map<string, Recipient>): Reply {
  const parsed = recipientSchema.safeParse(parseJson(incoming));
  if (!parsed.success) return explainInvalid(parsed.error);
  const { name, account_number: accountNumber, bank_code: bankCode } = parsed.data;
  const bank = bankName(bankCode);
  if (bank === null) return refuse(400, "invalid_bank_code", "Bank code is invalid");
  if (accountName(bankCode, accountNumber) === null) {
    return refuse(400, "invalid_params", "Account number is invalid");
  }
  const code = recipientCode(bankCode, accountNumber);
  const known = recipients.get(code);
  const recipient = known ?? {
    code,
    id: randomInt(1, 2 ** 31),
    name,
    bankCode,
    bankName: bank,
    accountNumber,
  };
  const [oldest] = recipients.keys();
  if (recipients.size >= RECIPIENTS_MAX && oldest !== undefined) recipients.delete(oldest);
  recipients.set(code, recipient);
  return acceptedRecipient(recipient, new Date().toISOString());
}

function hiddenUntil(lags: boolean | undefined, slowMs: number): string | null {
  return lags ? new Date(Date.now() + slowMs).toISOString() : null;
}

/** A used reference is refused, whatever the request: Paystack has no other idempotency. */
function refuseRepeat(known: BookEntry, { book }: PaystackOptions): Reply {
  known.submissions += 1;
  book.save(known);
  return refuse(
    400,
    "duplicate_transfer_reference",
    "Please provide a unique reference. Reference already exists on a transfer",
  );
}

async function place(
  request: Transfer,
  recipient: Recipient,
  options: PaystackOptions,
): Promise<Reply | null> {
  const { reference, amount } = request;
  const scenario = scenarioOf("payout", { reference, amount }, options);
  const refusal = refusalOf(scenario);
  if (refusal) return refusal;
  const order = {
    id: `TRF_${randomBytes(8).toString("hex")}`,
    reference,
    amount,
    userId: "",
    phone: recipient.accountNumber,
    method: "bank",
  };
  const details = {
    email: "",
    channel: "bank",
    metadata: null,
    cancelUrl: null,
    reason: request.reason ?? null,
    recipient,
    hiddenUntil: hiddenUntil(scenario?.lags, options.slowMs),
  };
  const entry = newEntry("payout", order, scenario, details, options.account.webhookUrl);
  options.book.save(entry);
  // The answer shows the transfer as it is accepted, before any step.
  const accepted = acceptedTransfer(entry);
  if (scenario?.answer === "webhook_first") await options.settlement.settle(entry);
  else options.settlement.settleLater(entry);
  return answerAfterAccepting(scenario, accepted);
}

/** GET /balance: the opening balance, and what was collected and not paid out. */
function balance({ book }: PaystackOptions): Reply {
  const sum = (kind: BookEntry["kind"], counts: (entry: BookEntry) => boolean) =>
    book
      .list(kind)
      .filter((entry) => isPaystack(entry) && counts(entry))
      .reduce((total, entry) => total + (entry.paidAmount ?? entry.amount), 0);
  const collected = sum("collection", (entry) => entry.timesPaid > 0);
  const paid = sum("payout", (entry) => entry.state === "pending" || entry.state === "completed");
  return worked(200, "Balances retrieved", [
    { currency: "NGN", balance: OPENING_BALANCE + collected - paid },
  ]);
}

/** GET /transfer/verify/:reference. */
function verify(reference: string, { book }: PaystackOptions): Reply {
  const entry = book.find("payout", reference);
  if (!isPaystack(entry) || isHidden(entry)) return refuse(404, "transfer_not_found", "Transfer not found");
  return worked(200, "Transfer retrieved", transferData(entry));
}

/** What pays out: recipients, transfers and the balance. `route` is the method and the path below /paystack. */
export function createTransfers(
  options: PaystackOptions,
): (incoming: Incoming, route: string) => Reply | null | Promise<Reply | null> {
  const recipients = new Map<string, Recipient>();

  function transfer(incoming: Incoming): Reply | null | Promise<Reply | null> {
    const parsed = transferSchema.safeParse(parseJson(incoming));
    if (!parsed.success) return explainInvalid(parsed.error);
    const known = options.book.find("payout", parsed.data.reference);
    if (known) return refuseRepeat(known, options);
    const recipient = recipients.get(parsed.data.recipient);
    if (!recipient) return refuse(400, "invalid_transfer_recipient", "Recipient specified is invalid");
    return place(parsed.data, recipient, options);
  }

  return (incoming, route) => {
    const verified = /^GET \/transfer\/verify\/([a-z0-9_-]{1,64})$/.exec(route)?.[1];
    if (verified) return verify(verified, options);
    if (route === "POST /transferrecipient") return createRecipient(incoming, recipients);
    if (route === "POST /transfer") return transfer(incoming);
    if (route === "GET /balance") return balance(options);
    return refuse(404, "not_found", "Entity not found");
  };
}
