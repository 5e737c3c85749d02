/** What a code is for: it is good for nothing else. */
export type CodePurpose = "sign_up" | "verify_contact" | "recover_password" | "reset_pin";

export const CODE_DIGITS = 6;
export const CODE_MINUTES = 10;
/** Wrong codes that one challenge takes; the fifth ends it. */
export const TRIES_MAX = 5;
export const RESEND_SECONDS = 60;
/** How often the same code is sent. */
export const SENDS_MAX = 3;
/** For how long what a right code was for can be done. */
export const PROOF_MINUTES = 15;
