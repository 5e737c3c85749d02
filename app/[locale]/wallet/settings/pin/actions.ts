"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction, noFields } from "@/lib/next/define-action";
import { landingPath, nextOf } from "@/lib/next/next-path";
import { cancelPinReset, keepOldPin } from "@/lib/services/identity/pin/resets/cancel-pin-reset";
import { requestPinReset, sendPinCode } from "@/lib/services/identity/pin/resets/request-pin-reset";
import {
  keepPinSchema,
  pinCodeSchema,
  resetPinSchema,
  setPinSchema,
} from "@/lib/services/identity/pin/schema";
import { setPin } from "@/lib/services/identity/pin/set-pin";

/**
 * Fields: pin, pinAgain, currentPin, version, next. Redirects to `next`, or to the settings with
 * `?saved=pin`; or to the PIN page with `?already=1` where another submission has done it already.
 */
export const savePin = defineAction(
  { name: "save-pin", auth: "user", schema: setPinSchema },
  async (context, { next, pinAgain: _, ...input }) => {
    const { changed } = await setPin(context, input);
    const locale = await getLocale();
    const path = nextOf({ next });
    if (path !== null) redirect(landingPath(locale, path));
    redirect(
      localizedPath(locale, changed ? "/wallet/settings?saved=pin" : "/wallet/settings/pin?already=1"),
    );
  },
);

const pinPath = async () => localizedPath(await getLocale(), "/wallet/settings/pin");

/** Fields: kind (`phone` or `email`). Sends the code of a forgotten PIN; redirects to the page that asks for it. */
export const sendCode = defineAction(
  { name: "send-pin-code", auth: "user", schema: pinCodeSchema },
  async (context, { kind }) => {
    const [locale, networks] = await Promise.all([getLocale(), currentNetworks()]);
    const { challengeId } = await sendPinCode(context, { kind, locale, networks });
    redirect(`${await pinPath()}?forgot=1&challenge=${challengeId}&to=${kind}`);
  },
);

/** Fields: code and challengeId, password, pin, pinAgain. A new PIN for a forgotten one, which waits; redirects to the PIN page, which says so. */
export const resetPin = defineAction(
  { name: "reset-pin", auth: "user", schema: resetPinSchema },
  async (context, { pinAgain: _, ...input }) => {
    await requestPinReset(context, input);
    redirect(await pinPath());
  },
);

/** Field: pin (the old one). Drops the new PIN that waits; redirects to the settings with `?saved=pin`. */
export const keepPin = defineAction(
  { name: "keep-pin", auth: "user", schema: keepPinSchema },
  async (context, { pin }) => {
    await keepOldPin(context, { pin });
    redirect(`${localizedPath(await getLocale(), "/wallet/settings")}?saved=pin`);
  },
);

/** No fields. "It wasn't me": drops the new PIN that waits and signs others out; redirects to the page for another password. */
export const cancelReset = defineAction(
  { name: "cancel-pin-reset", auth: "user", schema: noFields },
  async (context) => {
    await cancelPinReset(context);
    redirect(`${localizedPath(await getLocale(), "/wallet/settings/password")}?notMe=1`);
  },
);
