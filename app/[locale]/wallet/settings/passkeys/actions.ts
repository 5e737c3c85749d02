"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { z } from "zod";
import { localizedPath } from "@/lib/i18n/href";
import { currentDevice } from "@/lib/next/current-device";
import { defineAction } from "@/lib/next/define-action";
import { addPasskey as add } from "@/lib/services/identity/passkeys/add-passkey";
import { removePasskey as remove } from "@/lib/services/identity/passkeys/remove-passkey";
import { passkeyAnswer } from "@/lib/services/identity/passkeys/schema";
import { startAddingPasskey as start } from "@/lib/services/identity/passkeys/start-adding-passkey";

const PATH = "/wallet/settings/passkeys";
const SECRET_LENGTH_MAX = 200;

/** Field: secret, the PIN or, without one, the password. Answers what the device is asked for a new passkey. */
export const startAddingPasskey = defineAction(
  {
    name: "start-adding-passkey",
    auth: "user",
    schema: z.object({ secret: z.string().max(SECRET_LENGTH_MAX, "too_long").default("") }),
  },
  async (context, { secret }) => await start(context, secret),
);

/** Field: passkey, the device's answer. Redirects to the list with `?saved=added`. */
export const addPasskey = defineAction(
  { name: "add-passkey", auth: "user", schema: z.object({ passkey: passkeyAnswer }) },
  async (context, { passkey }) => {
    await add(context, { answer: passkey, device: await currentDevice() });
    redirect(`${localizedPath(await getLocale(), PATH)}?saved=added`);
  },
);

/** Field: passkeyId. Redirects to the list with `?saved=removed`. */
export const removePasskey = defineAction(
  {
    name: "remove-passkey",
    auth: "user",
    schema: z.object({ passkeyId: z.string().regex(/^[0-9]{1,18}$/, "invalid") }),
  },
  async (context, { passkeyId }) => {
    await remove(context, BigInt(passkeyId));
    redirect(`${localizedPath(await getLocale(), PATH)}?saved=removed`);
  },
);
