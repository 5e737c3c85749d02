import { redeemGoogleCode } from "@/lib/auth/google-token";
import { finishGoogleSignIn } from "@/lib/services/api-access/sessions/finish-google-sign-in";
import { googleCallbackSchema } from "@/lib/services/api-access/sessions/schema";
import { defineCall } from "../define-call";
import { presentTokens, tokensAnswer } from "./tokens-answer";
import { presentUser, userAnswer } from "./user-answer";

/** The language of a new user's pages: what the browser that came back from Google asks for first. */
function localeOf(headers: Headers): "fr" | "en" {
  return /^\s*en\b/i.test(headers.get("accept-language") ?? "") ? "en" : "fr";
}

/** GET /api/auth/google/callback: the tokens of the person that Google's code stands for. */
export const finishGoogleSignInCall = defineCall(
  {
    method: "GET",
    path: "/api/auth/google/callback",
    tag: "Authentication",
    summary: "Google OAuth callback",
    description: "Google sends the browser here. State and code count once.",
    access: "anyone",
    hasEffects: true,
    query: googleCallbackSchema,
    answer: {
      status: 200,
      description: "Access and refresh token, and the user.",
      schema: tokensAnswer.extend({ user: userAnswer }),
    },
    errors: ["sign_in_failed", "email_unverified", "email_taken", "provider_unavailable", "unavailable"],
  },
  async ({ context, query, request }) => {
    const { state } = query;
    // The whole query: Google may add parameters that have to be checked. A refusal uses the state up too.
    const answer = new URL(request.url).searchParams;
    const tokens = await finishGoogleSignIn(context, state, ({ nonce, codeVerifier }) =>
      redeemGoogleCode(answer, { state, nonce, codeVerifier }, localeOf(request.headers)),
    );
    const { userId, sessionId } = tokens;
    const asUser = { ...context, actor: { kind: "user", userId, sessionId } as const };
    return { body: { ...(await presentTokens(tokens)), user: await presentUser(asUser, userId) } };
  },
);
