import { z } from "zod";
import { PASSWORD_LENGTH_MAX } from "../users/password";

const CODE_LENGTH_MAX = 40;

/** Six digits of the app, or a recovery code, as typed. */
export const typedCode = z.string().trim().max(CODE_LENGTH_MAX, "code_format").default("");

export const totpCodeSchema = z.object({ code: typedCode });

const password = z.string().max(PASSWORD_LENGTH_MAX, "too_long").default("");

export const totpPasswordSchema = z.object({ password });

export const disableTotpSchema = z.object({ password, code: typedCode });
