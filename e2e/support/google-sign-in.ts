import { newKey } from "@/lib/ids";
import type { ApiAnswer, ApiCaller } from "./api-client";

/** Who signs in at the sandbox's Google. */
export interface GooglePerson {
  email: string;
  firstName: string;
  lastName: string;
}

export function newGooglePerson(firstName = "John", lastName = "Doe"): GooglePerson {
  return { email: `${newKey()}@example.test`, firstName, lastName };
}

/** Agrees on Google's page. Returns the address that it redirects to: our callback, with code and state. */
export async function agreeAtGoogle(authorizationUrl: string, person: GooglePerson): Promise<URL> {
  const response = await fetch(authorizationUrl, {
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
  return new URL(response.headers.get("location") ?? "about:blank");
}

/** Signs in by the JSON API and Google. Returns the callback's response: access and refresh token. */
export async function signInByApi(
  call: ApiCaller,
  person: GooglePerson = newGooglePerson(),
): Promise<ApiAnswer> {
  const { body } = await call("GET", "/api/auth/google");
  const callback = await agreeAtGoogle(body.authorization_url, person);
  return await call("GET", callback.pathname + callback.search);
}
