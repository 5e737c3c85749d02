import { cookies } from "next/headers";
import { config } from "@/lib/config";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Present while the person hides the balance. */
export const BALANCE_COOKIE = "balance";

/** Keeps a choice in this browser; no script needs to read it. */
export async function keepChoice(cookie: string, value: string): Promise<void> {
  (await cookies()).set(cookie, value, {
    path: "/",
    maxAge: ONE_YEAR_SECONDS,
    sameSite: "lax",
    httpOnly: true,
    secure: config().isHttps,
  });
}

export async function forgetChoice(cookie: string): Promise<void> {
  (await cookies()).delete(cookie);
}
