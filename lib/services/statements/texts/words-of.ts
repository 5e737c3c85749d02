import { ENGLISH } from "./english";
import { FRENCH } from "./french";
import type { StatementWords } from "./words";

export type StatementLocale = "fr" | "en";

const WORDS: Readonly<Record<StatementLocale, StatementWords>> = { fr: FRENCH, en: ENGLISH };

export const wordsOf = (locale: StatementLocale): StatementWords => WORDS[locale];
