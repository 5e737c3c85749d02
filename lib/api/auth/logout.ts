import { endApiSession } from "@/lib/services/api-sessions/end-api-session";
import { logoutSchema } from "@/lib/services/api-sessions/schema";
import { defineCall } from "../define-call";

/** POST /api/auth/logout: ends the access token's session, and the one of `refresh` when it is given. */
export const logOut = defineCall(
  {
    method: "POST",
    path: "/api/auth/logout",
    tag: "Authentication",
    summary: "Log out",
    description: "Access and refresh tokens of the session stop working at once.",
    access: "person",
    body: logoutSchema,
    bodyOptional: true,
    answer: { status: 204, description: "Logged out." },
    errors: ["not_found"],
  },
  async ({ context, body }) => {
    await endApiSession(context, body?.refresh);
    return { status: 204 };
  },
);
