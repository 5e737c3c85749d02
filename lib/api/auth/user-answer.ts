import { z } from "zod";
import type { Context } from "@/lib/services/context";
import { getProfile } from "@/lib/services/identity/users/get-profile";

/** A user as the contract shows one. */
export const userAnswer = z.object({
  id: z.int().meta({ example: 1 }),
  /** Null for people who signed up with a phone number and added none. */
  email: z.string().nullable().meta({ example: "user@example.com" }),
  first_name: z.string().meta({ example: "John" }),
  last_name: z.string().meta({ example: "Doe" }),
  wallet_number: z.string().meta({ example: "1234567890128" }),
  profile_picture: z.string().nullable(),
});

/** Presents the signed-in person. */
export async function presentUser(context: Context, userId: bigint): Promise<z.output<typeof userAnswer>> {
  const profile = await getProfile(context);
  return {
    id: Number(userId),
    email: profile.email,
    first_name: profile.firstName,
    last_name: profile.lastName,
    wallet_number: profile.walletNumber,
    profile_picture: profile.pictureUrl,
  };
}
