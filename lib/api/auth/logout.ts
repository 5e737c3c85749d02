import { endApiSession } from "@/lib/services/api-access/sessions/end-api-session";
import { logoutSchema } from "@/lib/services/api-access/sessions/schema";
import { defineCall } from "../define-call";

/** POST /api/auth/logout: ends the access token's session, and the one of `refresh` when that is the same user's. */
export const logOut = defineCall(
  {
    method: "POST",
    path: "/api/auth/logout",
    tag: "Authentication",
    summary: "Log out",
    description:
      "Access and refresh tokens of the session stop working at once, and those of the session that `refresh` is of. " +
      "A `refresh` that isn't one of the user's is ignored.",
    access: "person",
    body: logoutSchema,
    bodyOptional: true,
    bodyExample: { refresh: "q3V0b2tlbi1mcm9tLXlvdXItc2lnbi1pbg" },
    answer: { status: 204, description: "Logged out." },
    errors: [],
  },
  async ({ context, body }) => {
    await endApiSession(context, body?.refresh);
    return { status: 204 };
  },
);
