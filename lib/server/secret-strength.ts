const LENGTH_MIN = 32;
/** 32 random hexadecimal digits have fourteen different ones on average, and ten almost surely. */
const DIFFERENT_MIN = 10;
const REPEATED = /^(.{1,16}?)\1+.{0,15}$/su;
/** What examples and templates write in a secret's place. */
const PLACEHOLDER =
  /change.?me|change.?it|secret|password|passw0rd|example|placeholder|replace|your[-_ ]|azerty|qwerty/i;

/** What is wrong with a secret that production is started with, as the end of a sentence; null when it looks random. */
export function secretWeakness(secret: string): string | null {
  if (secret.trim().length < LENGTH_MIN) return `must be set to at least ${LENGTH_MIN} random characters.`;
  if (REPEATED.test(secret))
    return "repeats itself: make it random, for example with openssl rand -base64 48.";
  if (new Set(secret).size < DIFFERENT_MIN || isMostlyRuns(secret) || PLACEHOLDER.test(secret)) {
    return "can be guessed: make it random, for example with openssl rand -base64 48.";
  }
  return null;
}

/** True where most characters follow the one before: `abcdefgh…`, `98765432…`, `aabbccdd…`. */
function isMostlyRuns(secret: string): boolean {
  const steps = [...secret].slice(1).map((character, at) => {
    return Math.abs((character.codePointAt(0) ?? 0) - (secret.codePointAt(at) ?? 0));
  });
  return steps.filter((step) => step <= 1).length * 2 > steps.length;
}
