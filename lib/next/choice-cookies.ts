import { cookies } from "next/headers";
import { config } from "@/lib/config";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Present while the person hides the balance. */
export const BALANCE_COOKIE = "balance";

/** The attributes of a cookie that keeps a person's choice in this browser: a year, and no script reads it. */
export function choiceCookieOptions() {
  return {
    path: "/",
    maxAge: ONE_YEAR_SECONDS,
    sameSite: "lax",
    httpOnly: true,
    secure: config().isHttps,
  } as const;
}

/** Keeps a choice in this browser. Only in server actions and route handlers. */
export async function keepChoice(cookie: string, value: string): Promise<void> {
  (await cookies()).set(cookie, value, choiceCookieOptions());
}

export async function readChoice(cookie: string): Promise<string | undefined> {
  return (await cookies()).get(cookie)?.value;
}

export async function forgetChoice(cookie: string): Promise<void> {
  (await cookies()).delete(cookie);
}
