import type { NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import Google from "next-auth/providers/google";
import { z } from "zod";
import { type AuthConfig, config, setNextAuthUrl } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { networksFromHeaders } from "@/lib/http/client-address";
import { dropDraftOfOthers } from "@/lib/http/drop-draft";
import { contextOf } from "@/lib/http/request-context";
import { addResponseHeader } from "@/lib/http/response-status";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { log } from "@/lib/log";
import { type Context, database } from "@/lib/services/context";
import { findSession } from "@/lib/services/identity/sessions/find-session";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { authenticate } from "@/lib/services/identity/users/authenticate";
import { signInSchema } from "@/lib/services/identity/users/schema";
import { signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { describeDevice } from "./describe-device";
import { deviceCookieLine, deviceFromHeaders } from "./device-cookie";
import { endSession } from "./end-session";
import { profileFromIdToken } from "./google";
import { safeUrlPath } from "./safe-path";
import { sealSecondStep } from "./second-step";
import { cookieNames, SESSION_COOKIE_MAX_AGE_SECONDS } from "./session-cookie";
import { GOOGLE_FAILED, SignInRefused, signInErrorPath } from "./sign-in-error";
import { holderOfTicket } from "./sign-up-ticket";

const ticketSchema = z.object({ ticket: z.string().optional() });

/** Somebody who was authenticated, or was made just now. */
interface SignedIn {
  userId: bigint;
  isNew: boolean;
  /** What a typed password was compared with. */
  passwordHash?: string;
}

/**
 * Answers the new session's id. The user is told when they never signed in on this browser, which is a known device from then
 * on. What somebody else had typed in it is dropped.
 */
async function startBrowserSession(
  context: Context,
  { userId, isNew, passwordHash }: SignedIn,
  headers: Headers,
  env: AuthConfig,
): Promise<string> {
  const known = await deviceFromHeaders(headers, env);
  const isNewDevice = !isNew && known?.userIds.includes(userId) !== true;
  const device = describeDevice(headers.get("user-agent"));
  const sessionId = await startSession(context, userId, device, {
    isNewDevice,
    ...(passwordHash !== undefined && { passwordHash }),
  });
  addResponseHeader("set-cookie", await deviceCookieLine(known, userId, env));
  dropDraftOfOthers(headers, userId);
  return sessionId;
}

/** Answers the new session's id. Throws SignInRefused. */
async function signInWithCredentials(typed: unknown, headers: Headers, env: AuthConfig): Promise<string> {
  const context = contextOf(headers, { kind: "anonymous" });
  try {
    const signedIn = await userOfCredentials(context, typed, headers, env);
    return await startBrowserSession(context, signedIn, headers, env);
  } catch (error) {
    throw error instanceof DomainError ? new SignInRefused(error) : error;
  }
}

/** By the ticket of a sign-up or of a passkey, or by e-mail address and password. */
async function userOfCredentials(
  context: Context,
  typed: unknown,
  headers: Headers,
  env: AuthConfig,
): Promise<SignedIn> {
  const { ticket } = ticketSchema.parse(typed);
  const authenticated = await holderOfTicket(ticket, env.secret);
  if (authenticated !== null) return authenticated;
  const parsed = signInSchema.safeParse(withIdentifier(typed));
  if (!parsed.success) throw new DomainError("invalid_credentials");
  const origin = { networks: networksFromHeaders(headers), device: await deviceFromHeaders(headers, env) };
  const { userId, passwordHash, needsSecondStep } = await authenticate(context, parsed.data, origin);
  if (needsSecondStep) {
    throw new DomainError("second_step_required", { secondStep: await sealSecondStep(userId, env.secret) });
  }
  return { userId, isNew: false, passwordHash };
}

/** Clients of next-auth's own address may send `email`, as before numbers signed in too. */
function withIdentifier(typed: unknown): unknown {
  const { email, ...rest } = z.looseObject({ email: z.string().optional() }).parse(typed);
  return email === undefined ? rest : { identifier: email, ...rest };
}

type GoogleOutcome = { sessionId: string } | { errorPath: string };

async function signInWithIdToken(
  idToken: string | undefined,
  env: AuthConfig,
  locale: Locale,
  headers: Headers,
): Promise<GoogleOutcome> {
  const { google } = env;
  const context = contextOf(headers, { kind: "anonymous" });
  try {
    if (!idToken || !google) throw new Error("a Google sign-in came without its id token");
    const profile = await profileFromIdToken(idToken, google, locale);
    const signedIn = await signInWithGoogle(context, profile);
    return { sessionId: await startBrowserSession(context, signedIn, headers, env) };
  } catch (error) {
    const code = error instanceof DomainError ? error.code : GOOGLE_FAILED;
    const reason = error instanceof Error ? error.name : "unknown";
    log.warn({ requestId: context.requestId, code, reason }, "a sign-in with Google was refused");
    return { errorPath: signInErrorPath(locale, code) };
  }
}

function providers(env: AuthConfig): NextAuthConfig["providers"] {
  const password = Credentials({
    credentials: { identifier: { type: "text" }, password: { type: "password" }, ticket: { type: "hidden" } },
    // The id of next-auth's "user" is the session's: the cookie carries nothing about the person.
    authorize: async (typed, request) => ({ id: await signInWithCredentials(typed, request.headers, env) }),
  });
  const { google } = env;
  if (!google) return [password];
  const { issuer, clientId, clientSecret } = google;
  return [password, Google({ issuer, clientId, clientSecret, checks: ["pkce", "state", "nonce"] })];
}

function callbacks(
  env: AuthConfig,
  locale: Locale,
  headers: Headers,
): NonNullable<NextAuthConfig["callbacks"]> {
  return {
    async signIn({ user, account }) {
      if (account?.provider !== "google") return true;
      const outcome = await signInWithIdToken(account.id_token, env, locale, headers);
      if ("errorPath" in outcome) return outcome.errorPath;
      user.id = outcome.sessionId;
      return true;
    },
    // At sign-in `user` is what was made above; later there is only the token, whose session may be over.
    async jwt({ token, user }) {
      const sid = user?.id ?? token.sid;
      return typeof sid === "string" && (await findSession(database(), sid)) ? { sid } : null;
    },
    session: ({ session }) => ({ expires: session.expires, user: {} }),
    redirect: ({ url }) => env.origin + (safeUrlPath(url, env.origin) ?? "/"),
  };
}

// Messages of next-auth may quote a request: only what kind of error it was is written down.
const logger: NonNullable<NextAuthConfig["logger"]> = {
  error: (error) => {
    if (error instanceof SignInRefused) log.info({ code: error.code }, "a sign-in was refused");
    else log.warn({ kind: error.name }, "next-auth could not finish");
  },
  warn: (code) => log.warn({ code }, "next-auth warns"),
  debug: () => {},
};

/**
 * next-auth's configuration for one request: JSON web token sessions that carry a session id and nothing else.
 * `locale` is the language of the page that the person came from; `headers` are the request's.
 */
export function authConfig(locale: Locale, headers: Headers): NextAuthConfig {
  const env = config().auth;
  setNextAuthUrl(env.origin);
  const signInPage = localizedPath(locale, "/sign-in");
  return {
    secret: env.secret,
    basePath: "/api/auth",
    trustHost: true,
    useSecureCookies: env.isHttps,
    cookies: cookieNames(env.isHttps),
    session: { strategy: "jwt", maxAge: SESSION_COOKIE_MAX_AGE_SECONDS },
    pages: { signIn: signInPage, error: signInPage, signOut: localizedPath(locale, "/") },
    providers: providers(env),
    callbacks: callbacks(env, locale, headers),
    events: {
      signOut: async (message) => {
        const sid = "token" in message ? message.token?.sid : undefined;
        if (typeof sid === "string") await endSession(contextOf(headers, { kind: "anonymous" }), sid);
      },
    },
    logger,
  };
}
