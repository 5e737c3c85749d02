import { refreshApiSession } from "@/lib/services/api-access/sessions/refresh-api-session";
import { refreshSchema } from "@/lib/services/api-access/sessions/schema";
import { defineCall } from "../define-call";
import { presentTokens, tokensAnswer } from "./tokens-answer";

/** POST /api/auth/refresh: a new access token and the refresh token's successor. */
export const refreshTokens = defineCall(
  {
    method: "POST",
    path: "/api/auth/refresh",
    tag: "Authentication",
    summary: "Refresh tokens",
    description:
      "A refresh token counts once. The one just used gets the same successor for ten seconds (two tabs); any other that comes again ends the whole session.",
    access: "anyone",
    body: refreshSchema,
    bodyExample: { refresh: "q3V0b2tlbi1mcm9tLXlvdXItc2lnbi1pbg" },
    answer: { status: 200, description: "A new access token and a new refresh token.", schema: tokensAnswer },
    errors: ["unauthenticated"],
  },
  async ({ context, body }) => ({
    body: await presentTokens(await refreshApiSession(context, body.refresh)),
  }),
);
