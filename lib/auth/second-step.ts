import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { config } from "@/lib/config";

// Who gave the right password and still owes the code of their app: in a cookie of this browser, sealed, for five minutes.

const SALT = "cauris.second-step";
const NAME = "second_step";
const MAX_AGE_SECONDS = 5 * 60;

export async function sealSecondStep(userId: bigint, secret: string): Promise<string> {
  return await encode({ token: { uid: userId.toString() }, secret, salt: SALT, maxAge: MAX_AGE_SECONDS });
}

/** Only in server actions. */
export async function keepSecondStep(sealed: string): Promise<void> {
  const options = { path: "/", maxAge: MAX_AGE_SECONDS, sameSite: "lax", httpOnly: true } as const;
  (await cookies()).set(NAME, sealed, { ...options, secure: config().isHttps });
}

/** The user whose second step this browser may do; null when no password was right in the last five minutes. */
export async function userOfSecondStep(): Promise<bigint | null> {
  const sealed = (await cookies()).get(NAME)?.value;
  if (!sealed) return null;
  try {
    const token = await decode({ token: sealed, secret: config().auth.secret, salt: SALT });
    return typeof token?.uid === "string" ? BigInt(token.uid) : null;
  } catch {
    return null;
  }
}

/** Only in server actions. */
export async function forgetSecondStep(): Promise<void> {
  (await cookies()).delete(NAME);
}
