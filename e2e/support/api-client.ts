import { SANDBOX_URL } from "./deployment-addresses";
import { newEmail } from "./started-deployment";

/** An answer of the JSON API, read. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
  body: any;
}

export type Credential = { token: string } | { key: string } | Record<string, never>;

/** A client as somebody outside writes it: plain fetch, the seed's addresses, nothing of ours. */
export function apiClient(baseUrl: string) {
  return async function call(
    method: "GET" | "POST",
    path: string,
    {
      as = {},
      body,
      headers = {},
    }: { as?: Credential; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer> {
    const given = {
      ...credentialHeaders(as),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(baseUrl + path, {
      method,
      redirect: "manual",
      headers: { ...given, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  };
}

export type ApiCaller = ReturnType<typeof apiClient>;

function credentialHeaders(as: Credential): Record<string, string> {
  if ("token" in as) return { authorization: `Bearer ${as.token}` };
  return "key" in as ? { "x-api-key": String(as.key) } : {};
}

export interface GooglePerson {
  email: string;
  firstName: string;
  lastName: string;
}

export function newGooglePerson(firstName = "John", lastName = "Doe"): GooglePerson {
  return { email: newEmail(), firstName, lastName };
}

/** What Google's page sends back for somebody who agrees: the address of the callback, with code and state. */
export async function agreeAtGoogle(authorizationUrl: string, person: GooglePerson): Promise<URL> {
  const answer = await fetch(authorizationUrl, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      action: "allow",
      email: person.email,
      first_name: person.firstName,
      last_name: person.lastName,
      email_verified: "on",
    }),
  });
  return new URL(answer.headers.get("location") ?? "about:blank");
}

/** Signs somebody in as the seed describes; answers the whole callback's answer. */
export async function signInByApi(
  call: ApiCaller,
  person: GooglePerson = newGooglePerson(),
): Promise<ApiAnswer> {
  const { body } = await call("GET", "/api/auth/google");
  const back = await agreeAtGoogle(body.authorization_url, person);
  return await call("GET", back.pathname + back.search);
}

/** Pays on Paystack's page, as a browser would. */
export async function payAtPaystack(
  authorizationUrl: string,
  action: "pay" | "decline" | "cancel" = "pay",
): Promise<void> {
  if (!authorizationUrl.startsWith(`${SANDBOX_URL}/`))
    throw new Error("the payment page isn't the sandbox's");
  await fetch(authorizationUrl, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ action, pin: "0000" }),
  });
}
