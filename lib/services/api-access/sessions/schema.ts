import { z } from "zod";

const REFRESH_LENGTH_MAX = 4_000;
const OAUTH_TEXT_LENGTH_MAX = 4_000;

// Only its presence is checked: the verb answers every invalid token alike.
const refresh = z.string("required").min(1, "required").max(REFRESH_LENGTH_MAX, "too_long");

export const refreshSchema = z.strictObject({ refresh });

// An invalid token counts as none: logging out never fails because of the body.
export const logoutSchema = z.object({ refresh: refresh.optional().catch(undefined) });

const oauthText = z.string("required").min(1, "required").max(OAUTH_TEXT_LENGTH_MAX, "too_long");

/** What Google sends the browser back with: a code, or an error, and our state; it adds names of its own. */
export const googleCallbackSchema = z.looseObject({
  code: oauthText.optional(),
  state: oauthText,
  error: oauthText.optional(),
});
