import { cookies } from "next/headers";
import { config } from "@/lib/config";

const MAX_AGE_SECONDS = 30 * 60;

/** What this browser began and hasn't finished: its id, which nobody can guess. Not in the address, which people share. */
export function flowCookie(name: string) {
  return {
    /** Only in server actions. */
    async keep(id: string): Promise<void> {
      const options = { path: "/", maxAge: MAX_AGE_SECONDS, sameSite: "lax", httpOnly: true } as const;
      (await cookies()).set(name, id, { ...options, secure: config().isHttps });
    },
    /** Empty without one. */
    async read(): Promise<string> {
      return (await cookies()).get(name)?.value ?? "";
    },
    /** Only in server actions. */
    async forget(): Promise<void> {
      (await cookies()).delete(name);
    },
  };
}
