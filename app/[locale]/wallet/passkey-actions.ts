"use server";

import { z } from "zod";
import { defineAction } from "@/lib/next/define-action";
import { startConfirmation } from "@/lib/services/identity/passkeys/check-confirmation";

/** Field: quoteId. Answers what the device is asked, to confirm that quote. */
export const startPasskeyConfirmation = defineAction(
  { name: "start-passkey-confirmation", auth: "user", schema: z.object({ quoteId: z.uuid("invalid") }) },
  async (context, { quoteId }) => await startConfirmation(context, quoteId),
);
