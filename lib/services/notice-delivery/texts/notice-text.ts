import type { NoticeKind } from "@/lib/services/notices/kinds";

/** What texts are made of, formatted for their language. What a kind doesn't have is empty. */
export interface NoticeWords {
  amount: string;
  /** The other person, or the name that a vault, a key or a device has. */
  name: string;
  /** Where a withdrawal goes: masked. */
  destination: string;
  /** The name of a tontine. */
  tontine: string;
  /** The check digits of a draw's sheet. */
  digits: string;
  /** Until when something is to be paid, or when an order is drawn: day and time. */
  due: string;
  /** Whether a key may send money or withdraw it. */
  canMoveMoney: boolean;
  /** The month that a statement is of: `novembre 2026`. */
  month: string;
}

/**
 * `text` is the whole SMS but for who sends it, so it is written in GSM 03.38 without ê, ô and ç, and fits one segment.
 * Everywhere else `title` stands above it, and `more` behind it.
 */
export interface NoticeText {
  title: string;
  text: string;
  more?: string;
}

export type NoticeTexts = Readonly<Record<NoticeKind, (words: NoticeWords) => NoticeText>>;
