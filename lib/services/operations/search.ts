import { readReference } from "@/lib/ids";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { cleanLine, foldText } from "@/lib/text";
import type { OperationType } from "./kinds";

/** A search of the history as its SQL takes it. */
export interface OperationSearch {
  /** The text without what people group digits with: part of a reference or of a number. */
  number: string;
  /** What the text means as an amount, in each currency that it can be one of. */
  amounts: Money[];
  /** Every word must be found in an operation. */
  words: SearchWord[];
}

interface SearchWord {
  /** Part of a name or a note, folded as by `foldText`. */
  folded: string;
  /** The methods and types that it begins a name of. */
  methods: string[];
  types: OperationType[];
}

const WORDS_MAX = 5;
/** Shorter words would find nearly everything by the names of types. */
const LABEL_WORD_LENGTH_MIN = 3;

/** What pages call methods, in French and English, beside the brand names; a test compares it with the messages. */
const METHOD_NAMES: Record<string, readonly string[]> = {
  wave: ["Wave"],
  orange_money: ["Orange Money"],
  moov_money: ["Moov Money"],
  mtn_money: ["MTN Money"],
  visa: ["Carte Visa", "Visa card"],
  card: ["Carte bancaire", "Bank card"],
  bank: ["Compte bancaire", "Bank account"],
};

/** What pages call the types, in French and English. */
const TYPE_NAMES: Record<OperationType, readonly string[]> = {
  deposit: ["Recharge", "Top-up"],
  withdrawal: ["Retrait", "Withdrawal"],
  transfer: ["Envoi", "Reçu", "Transfer", "Received"],
  vault_deposit: ["Mise en coffre", "Put in a vault"],
  vault_withdrawal: ["Sortie de coffre", "Taken out of a vault"],
  tontine_contribution: ["Cotisation de tontine", "Tontine contribution"],
  tontine_fee: ["Amende ou droit d’entrée", "Fine or entry fee"],
  tontine_solidarity: ["Caisse de secours", "Solidarity fund"],
  tontine_deposit: ["Dépôt de garantie", "Guarantee deposit"],
  tontine_cover: ["Garantie payée", "Guarantee called"],
  tontine_repayment: ["Remboursement de dette", "Debt repayment"],
  tontine_payout: ["Cagnotte reçue", "Pot received"],
  tontine_refund: ["Remboursement de tontine", "Tontine refund"],
  tontine_share_out: ["Partage de tontine", "Tontine share-out"],
};

/** Reads what somebody typed into the history's search, such as `Olatunde`, `Recharge Wave`, `2 000 FCFA`; null for nothing. */
export function readSearch(typed: string): OperationSearch | null {
  const text = cleanLine(typed.replace(/[\p{Cc}\p{Cs}]/gu, " "));
  const words = foldText(text).split(" ").filter(Boolean).slice(0, WORDS_MAX);
  if (words.length === 0) return null;
  return {
    number: readReference(text) || text,
    amounts: amountsOf(text),
    words: words.map((folded) => ({
      folded,
      methods: beginning(folded, METHOD_NAMES),
      types: beginning(folded, TYPE_NAMES),
    })),
  };
}

/** What a text means as an amount, in each currency that it can be one of; none for what is no amount. */
export function amountsOf(text: string): Money[] {
  const unsigned = withoutSign(text);
  return CURRENCY_CODES.flatMap((currency) => {
    const parsed = parseAmount(unsigned, currency);
    return "amountMinor" in parsed ? [money(parsed.amountMinor, currency)] : [];
  });
}

/** Lists show amounts with a sign: an amount is searched for as it is shown. */
export function withoutSign(amount: string): string {
  return amount.replace(/^[+\-\u2212]\s*/, "");
}

function beginning<Key extends string>(folded: string, names: Record<Key, readonly string[]>): Key[] {
  if (folded.length < LABEL_WORD_LENGTH_MIN) return [];
  const keys = Object.keys(names) as Key[];
  return keys.filter((key) =>
    names[key].some((name) =>
      [...foldText(name).split(" "), ...foldText(name).split("-")].some((word) => word.startsWith(folded)),
    ),
  );
}
