import { config } from "@/lib/config";
import { foldText } from "@/lib/text";

// So that nobody asks for money in the name of the deployment, of its staff or of an operator. All folded: lower case, plain letters.

/** Words that no real name contains: refused inside a word and with spaces or signs between their letters. */
const RESERVED_ANYWHERE = [
  "cauris",
  "paystack",
  "getmipay",
  "orangemoney",
  "moovmoney",
  "moovafrica",
  "mtnmoney",
  "mtnmomo",
  "wavemoney",
  "wavemobilemoney",
  "helpdesk",
  "serviceclient",
  "customerservice",
  "customercare",
];

/** Refused as words of their own, in the plural too: real names contain them. */
const RESERVED_WORDS = [
  "admin",
  "administrator",
  "administrateur",
  "administratrice",
  "support",
  "moderator",
  "moderateur",
  "assistance",
  "official",
  "officiel",
];

/** Refused as the whole name: `Wave`, but not `Wave Ouédraogo`. */
const RESERVED_ALONE = ["wave", "moov", "mtn"];

/** First names that contain a reserved word. */
const REAL_NAMES = ["caurissa"];

/** A shorter name of an operator is refused as the whole name only: it may be, or stand in, a real one. */
const ANYWHERE_LENGTH_MIN = 6;

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

/** Small capitals and letters with a stroke, which no normalisation makes plain; `foldText` has those that people here write. */
const UNUSUAL_LETTERS = new Map(
  Object.entries({
    a: "ᴀɑⱥ",
    b: "ʙƀ",
    c: "ᴄȼ",
    d: "ᴅ",
    e: "ᴇɇ",
    f: "ꜰ",
    g: "ɢɡǥ",
    h: "ʜħ",
    i: "ɪɨᵻ",
    j: "ᴊɉ",
    k: "ᴋ",
    l: "ʟƚ",
    m: "ᴍ",
    n: "ɴ",
    o: "ᴏɵ",
    p: "ᴘᵽ",
    q: "ǫꞯ",
    r: "ʀɍ",
    s: "ꜱƨ",
    t: "ᴛŧ",
    u: "ᴜʉ",
    v: "ᴠ",
    w: "ᴡ",
    y: "ʏɏ",
    z: "ᴢƶ",
  }).flatMap(([plain, letters]) => [...letters].map((letter) => [letter, plain] as const)),
);

const LATIN = /\p{Script=Latin}/u;
const LOOKS_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}]/u;

/**
 * True for a name that could be taken for the deployment's, its staff's or an operator's, or that mixes alphabets to look like
 * another. `operator`: whoever runs this deployment, as its pages say.
 */
export function isReservedName(
  firstName: string,
  lastName: string,
  operator: string | null = config().contact.operator,
): boolean {
  const name = `${firstName} ${lastName}`;
  const mixes = name.split(/\s+/).some((word) => LATIN.test(word) && LOOKS_LATIN.test(word));
  if (mixes) return true;
  const words = wordsOf(name).filter((word) => !REAL_NAMES.includes(word));
  const joined = words.join("");
  const ours = wordsOf(operator ?? "").join("");
  if (ours !== "" && joined === ours) return true;
  const anywhere = ours.length < ANYWHERE_LENGTH_MIN ? RESERVED_ANYWHERE : [...RESERVED_ANYWHERE, ours];
  return (
    anywhere.some((reserved) => containsSpelled(words, reserved)) ||
    words.some((word) => isReservedWord(word)) ||
    isReservedWord(joined) ||
    RESERVED_ALONE.includes(joined)
  );
}

/** True where it stands inside a word, or begins with a word and runs on through the next ones: `C auris`. */
function containsSpelled(words: readonly string[], reserved: string): boolean {
  return words.some((word, at) => word.includes(reserved) || words.slice(at).join("").startsWith(reserved));
}

function isReservedWord(word: string): boolean {
  return RESERVED_WORDS.includes(word.replace(/s$/, ""));
}

function wordsOf(name: string): string[] {
  return foldText(name)
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]/gu, (letter) => UNUSUAL_LETTERS.get(letter) ?? letter)
    .replace(/[013450@$!|]/g, (sign) => LOOK_ALIKES[sign] ?? sign)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
