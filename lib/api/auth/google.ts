import { z } from "zod";
import { googleAuthorizationUrl, requireGoogleReachable } from "@/lib/auth/google-token";
import { beginGoogleSignIn } from "@/lib/services/api-access/sessions/begin-google-sign-in";
import { defineCall } from "../define-call";

/** GET /api/auth/google: where to send a person to sign in with Google. Nothing is stored while Google can't be reached. */
export const startGoogleSignIn = defineCall(
  {
    method: "GET",
    path: "/api/auth/google",
    tag: "Authentication",
    summary: "Initiate Google sign-in",
    description: "Open the address in a browser; it comes back to the callback within ten minutes.",
    access: "anyone",
    hasEffects: true,
    answer: {
      status: 200,
      description: "The address to open, with state, nonce and PKCE challenge.",
      schema: z.object({
        authorization_url: z
          .string()
          .meta({ example: "https://accounts.google.com/o/oauth2/v2/auth?client_id=…" }),
      }),
    },
    errors: ["provider_unavailable", "unavailable"],
  },
  async ({ context }) => {
    await requireGoogleReachable();
    const request = await beginGoogleSignIn(context);
    return { body: { authorization_url: await googleAuthorizationUrl(request) } };
  },
);
