import { SANDBOX_URL } from "./deployment-addresses";

/** A response of the JSON API. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

export type Credential = { token: string } | { key: string } | Record<string, never>;

/** Sends a request as `fetch` does. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** A client of the JSON API as an integrator writes it: plain fetch, none of our code, unless a test sends in another way. */
export function apiClient(baseUrl: string, send: Send = fetch) {
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
    const response = await send(baseUrl + path, {
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

/** Submits the sandbox's Paystack page. */
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
