"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction, noFields } from "@/lib/next/define-action";
import {
  subscribePush as subscribe,
  unsubscribePush as unsubscribe,
} from "@/lib/services/notice-delivery/push-subscriptions";
import { saveNoticeChoices as save } from "@/lib/services/notice-delivery/save-notice-choices";
import { noticeChoicesSchema, subscribePushSchema } from "@/lib/services/notice-delivery/schema";

const pathWhenSaved = async () => `${localizedPath(await getLocale(), "/wallet/settings/notices")}?saved=1`;

/** A box for each group and channel, `on` or absent. Redirects to the choices with `?saved=1`. */
export const saveNoticeChoices = defineAction(
  { name: "save-notice-choices", auth: "user", schema: noticeChoicesSchema },
  async (context, boxes) => {
    await save(context, boxes);
    redirect(await pathWhenSaved());
  },
);

/** Fields: endpoint, p256dh, auth, as the browser gave them. Redirects to the choices with `?saved=1`. */
export const subscribePush = defineAction(
  { name: "subscribe-push", auth: "user", schema: subscribePushSchema },
  async (context, input) => {
    await subscribe(context, input);
    redirect(await pathWhenSaved());
  },
);

/** No fields. Redirects to the choices with `?saved=1`. */
export const unsubscribePush = defineAction(
  { name: "unsubscribe-push", auth: "user", schema: noFields },
  async (context) => {
    await unsubscribe(context);
    redirect(await pathWhenSaved());
  },
);
