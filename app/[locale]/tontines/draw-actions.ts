"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import { addDrawNumber } from "@/lib/services/tontines/order/add-draw-number";
import {
  confirmLottoNumbers,
  refuseLottoNumbers,
  typeLottoNumbers,
} from "@/lib/services/tontines/order/confirm-lotto";
import { freezeDraw } from "@/lib/services/tontines/order/freeze-draw";
import { setOrderMethod } from "@/lib/services/tontines/order/set-order-method";
import {
  addDrawNumberSchema,
  confirmedSchema,
  confirmLottoSchema,
  freezeDrawSchema,
  setOrderMethodSchema,
  tontineSchema,
  typeLottoSchema,
} from "@/lib/services/tontines/schema";
import type { DrawDoneWord } from "./[code]/draw/draw-done";

async function leadToDraw(code: string, done: DrawDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `/tontines/${code}/draw`)}?done=${done}`);
}

/** Fields: code, order (`fixed` or `draw`). Redirects to the draw's page. */
export const chooseOrder = defineAction(
  { name: "choose-order", auth: "user", schema: setOrderMethodSchema },
  async (context, input) => {
    await setOrderMethod(context, input);
    return await leadToDraw(input.code, "chosen");
  },
);

/** Fields: code, number. Redirects to the draw's page. */
export const addNumber = defineAction(
  { name: "add-draw-number", auth: "user", schema: addDrawNumberSchema },
  async (context, input) => {
    await addDrawNumber(context, input);
    return await leadToDraw(input.code, "added");
  },
);

/** Fields: code, pin. Redirects to the draw's page, which shows the sheet. */
export const freezeSheet = defineAction(
  { name: "freeze-draw", auth: "user", schema: confirmedSchema },
  async (context, input) => {
    await freezeDraw(context, { ...input, source: "quicknet" });
    return await leadToDraw(input.code, "frozen");
  },
);

/** Fields: code, lotto, lottoDay, pin. As {@link freezeSheet}. */
export const freezeForLotto = defineAction(
  { name: "freeze-draw-lotto", auth: "user", schema: freezeDrawSchema },
  async (context, input) => {
    await freezeDraw(context, { ...input, source: "lotto" });
    return await leadToDraw(input.code, "frozen");
  },
);

/** Fields: code, numbers, day, pin. Redirects to the draw's page. */
export const typeLotto = defineAction(
  { name: "type-lotto", auth: "user", schema: typeLottoSchema },
  async (context, input) => {
    await typeLottoNumbers(context, input);
    return await leadToDraw(input.code, "typed");
  },
);

/** Fields: code, numbers (as they were shown), pin. Redirects to the draw's page, which shows the order. */
export const confirmLotto = defineAction(
  { name: "confirm-lotto", auth: "user", schema: confirmLottoSchema },
  async (context, input) => {
    await confirmLottoNumbers(context, input);
    return await leadToDraw(input.code, "drawn");
  },
);

/** Field: code. Redirects to the draw's page. */
export const refuseLotto = defineAction(
  { name: "refuse-lotto", auth: "user", schema: tontineSchema },
  async (context, input) => {
    await refuseLottoNumbers(context, input);
    return await leadToDraw(input.code, "refused");
  },
);
