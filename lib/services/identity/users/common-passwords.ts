import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { callingCodeOf, phoneCountryOf } from "@/lib/phone";

/** zxcvbn's scores end at 4; 3 means about 10^8 guesses or more, far beyond what sign-in lets anybody try. */
const SCORE_MIN = 3;
/** What follows can only make it harder to guess. The estimate runs on the main thread, and its work grows with the length. */
const LENGTH_LOOKED_AT = 32;
/** Ways to read digits and signs as letters that are tried: zxcvbn's own 100 take a tenth of a second and more. */
const SUBSTITUTIONS_MAX = 5;
/** Shorter parts of a name stand in too many good passwords. */
const PERSONAL_LENGTH_MIN = 3;
/** Each of them is one more word to look for; a name of forty words must not cost more than others. */
const PERSONAL_WORDS_MAX = 24;

/** What people here choose, beside the 30,000 passwords and the keyboards that zxcvbn brings. */
const LOCAL_WORDS =
  "cauris motdepasse monmotdepasse bonjour bonsoir bienvenue doudou loulou jetaime jetaimemaman maman papa famille soleil " +
  "administrateur direction secret jesus jesuschrist dieu dieuestgrand allah allahouakbar bismillah inchallah " +
  "burkina burkinafaso ouagadougou ouaga bobodioulasso bobo cotedivoire abidjan senegal dakar mali bamako benin cotonou " +
  "togo lome niger niamey guinee conakry nigeria lagos ghana accra cameroun douala afrique " +
  "orangemoney orange moovmoney wave mtnmomo momo fcfa tontine argent tresor";

export interface Owner {
  email: string | null;
  /** E.164. */
  phone: string | null;
  firstName: string;
  lastName: string;
}

/**
 * True for passwords that are guessed first: common ones with a year, digits or signs around them, keyboard rows, sequences,
 * dates, and the person's own name, phone number or e-mail address, whatever letters are replaced by digits.
 */
export async function isCommonPassword(password: string, owner: Owner): Promise<boolean> {
  const estimator = await loadEstimator();
  const plain = password.normalize("NFKC").slice(0, LENGTH_LOOKED_AT);
  const personal = personalWords(owner);
  // With and without accents: a dictionary has one of the two.
  const spellings = new Set([plain, withoutMarks(plain).slice(0, LENGTH_LOOKED_AT)]);
  // A number as people write it.
  if (/^[\d\s.+()/-]+$/.test(plain)) spellings.add(plain.replace(/\D/g, ""));
  return [...spellings].some((text) => estimator.check(text, personal).score < SCORE_MIN);
}

function personalWords({ email, phone, firstName, lastName }: Owner): string[] {
  const [localPart = "", host = ""] = (email ?? "").split("@");
  const parts = [firstName, lastName, localPart].flatMap((text) => [text, ...text.split(/[^\p{L}\p{M}]+/u)]);
  // The whole ones first: those are kept where there are too many.
  const all = [
    ...phoneForms(phone),
    email ?? "",
    host,
    `${firstName}${lastName}`,
    `${lastName}${firstName}`,
    ...parts,
  ];
  const words = all
    .flatMap((text) => [text.toLowerCase(), withoutMarks(text.toLowerCase())])
    .map((word) => word.slice(0, LENGTH_LOOKED_AT));
  return [...new Set(words.filter((word) => word.length >= PERSONAL_LENGTH_MIN))].slice(
    0,
    PERSONAL_WORDS_MAX,
  );
}

/** `22670112233`, `70112233`: with the calling code and without. */
function phoneForms(phone: string | null): string[] {
  const country = phone && phoneCountryOf(phone);
  if (!phone || !country) return [];
  return [phone.slice(1), phone.slice(1 + callingCodeOf(country).length)];
}

function withoutMarks(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "");
}

let estimator: Promise<ZxcvbnFactory> | undefined;

/** Loaded at the first sign-up: the dictionaries take a moment and some megabytes. */
function loadEstimator(): Promise<ZxcvbnFactory> {
  estimator ??= makeEstimator();
  return estimator;
}

async function makeEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({
    dictionary: { ...dictionary, local: LOCAL_WORDS.split(" ") },
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: SUBSTITUTIONS_MAX,
  });
}
