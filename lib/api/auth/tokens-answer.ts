import { z } from "zod";
import { signAccessToken } from "@/lib/auth/access-token";
import type { ApiSessionTokens } from "@/lib/services/api-access/sessions/start-api-session";

export const tokensAnswer = z.object({
  access: z
    .string()
    .describe("JSON web token, for `Authorization: Bearer`; 30 minutes unless configured.")
    .meta({ example: "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl" }),
  refresh: z
    .string()
    .describe("Counts once; 7 days unless configured.")
    .meta({ example: "q3V0b2tlbi1mcm9tLXlvdXItc2lnbi1pbg" }),
  token_type: z.literal("Bearer"),
});

/** Signs the access token of a session and presents it with the refresh token. */
export async function presentTokens(tokens: ApiSessionTokens): Promise<z.output<typeof tokensAnswer>> {
  return { access: await signAccessToken(tokens), refresh: tokens.refresh, token_type: "Bearer" };
}
