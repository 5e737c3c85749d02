import type { LineKind } from "../line";

/** What a line's label is made of; what it doesn't have is empty. */
export interface LabelParts {
  /** How the money came or went: `Wave`. */
  method: string;
  /** The other person: first name and initial. */
  name: string;
  /** The vault's name. */
  vault: string;
  /** True for a statement of the vault itself. */
  isVaults: boolean;
}

/** Everything that a statement says in a language, but for names and amounts. */
export interface StatementWords {
  title: string;
  vaultTitle: (name: string) => string;
  /** Both days are written out. */
  period: (from: string, to: string) => string;
  holder: string;
  walletNumber: string;
  zone: string;
  madeAt: string;
  opening: string;
  closing: string;
  totalIn: string;
  totalOut: string;
  total: string;
  /** What it means that money is reserved. */
  reserved: string;
  reservedText: string;
  lineCount: (count: string) => string;
  nothing: string;
  columns: {
    date: string;
    time: string;
    label: string;
    details: string;
    reference: string;
    fee: string;
    in: string;
    out: string;
    balance: string;
    currency: string;
    note: string;
  };
  /** In front of a phone number: a cell must not begin with a plus. */
  phone: string;
  page: (page: string, pages: string) => string;
  fee: (amount: string) => string;
  kinds: Readonly<Record<LineKind, (parts: LabelParts) => string>>;
  /** The chain's seal that covers the last line. */
  sealed: (number: string, at: string) => string;
  root: string;
  unsealed: string;
  /** Followed by the address of the page that says how. */
  check: string;
  /** The first words of a file's name. */
  fileName: string;
}
