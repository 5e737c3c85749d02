import { z } from "zod";

/** Which operation's receipt. */
export const receiptSchema = z.object({ reference: z.string().max(64).default("") });

/** Which link, by its id. */
export const receiptLinkSchema = z.object({
  linkId: z.string().max(40).default(""),
  reference: z.string().max(64).default(""),
});
