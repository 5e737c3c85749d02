import { cookies } from "next/headers";
import { config } from "@/lib/config";

// The sign-up that this browser began: its id, which nobody can guess. Not in the address, which people share.

const NAME = "sign_up";
const MAX_AGE_SECONDS = 30 * 60;

/** Only in server actions. */
export async function keepStartedSignUp(signUpId: string): Promise<void> {
  const { isHttps } = config();
  const options = { path: "/", maxAge: MAX_AGE_SECONDS, sameSite: "lax", httpOnly: true } as const;
  (await cookies()).set(NAME, signUpId, { ...options, secure: isHttps });
}

/** Empty without one. */
export async function startedSignUpId(): Promise<string> {
  return (await cookies()).get(NAME)?.value ?? "";
}

/** Only in server actions. */
export async function forgetStartedSignUp(): Promise<void> {
  (await cookies()).delete(NAME);
}
