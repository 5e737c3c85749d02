/**
 * Words that a person's name may not contain, so that nobody asks for money in the name of the deployment, of its staff or of
 * an operator. Folded: lower case, without accents.
 */
const RESERVED = [
  "cauris",
  "admin",
  "administrator",
  "administrateur",
  "administratrice",
  "support",
  "moderator",
  "moderateur",
  "helpdesk",
  "help desk",
  "service client",
  "service clients",
  "service clientele",
  "customer service",
  "customer care",
  "assistance",
  "official",
  "officiel",
  "orange money",
  "moov money",
  "mtn money",
  "mtn momo",
  "paystack",
  "getmipay",
];

/** Digits and signs that are used in place of letters: `C4uris`, `5upport`. */
const LOOK_ALIKES: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "i",
};

const LATIN = /\p{Script=Latin}/u;
const LOOKS_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]/u;

/** True for a name that could be taken for the deployment's, its staff's or an operator's, or that mixes alphabets to look like another. */
export function isReservedName(firstName: string, lastName: string): boolean {
  const name = `${firstName} ${lastName}`;
  const mixes = name.split(/\s+/).some((word) => LATIN.test(word) && LOOKS_LATIN.test(word));
  if (mixes) return true;
  const words = foldWords(name);
  // Letters with dots, hyphens or spaces between them: `C.a.u.r.i.s`.
  const joined = words.replaceAll(" ", "");
  return RESERVED.some(
    (reserved) => ` ${words} `.includes(` ${reserved} `) || joined === reserved.replaceAll(" ", ""),
  );
}

function foldWords(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[013450@$!|]/g, (sign) => LOOK_ALIKES[sign] ?? sign)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
