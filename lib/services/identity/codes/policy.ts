import { CODE_PURPOSES } from "@/db/schema/codes";

export { CODE_PURPOSES };
export type CodePurpose = (typeof CODE_PURPOSES)[number];

export const CODE_DIGITS = 6;
export const CODE_MINUTES = 10;
/** Wrong codes that one challenge takes; the fifth ends it. */
export const TRIES_MAX = 5;
export const RESEND_SECONDS = 60;
/** How often the same code is sent. */
export const SENDS_MAX = 3;
/** For how long what a right code was for can be done. */
export const PROOF_MINUTES = 15;
