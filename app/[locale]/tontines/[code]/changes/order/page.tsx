import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getOrder, type OrderView } from "@/lib/services/tontines/views/get-change-choices";
import { isolate } from "@/lib/ui/bidi-text";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { formWords } from "../../../../wallet/vaults/field-words";
import { moveInOrder } from "../../../change-actions";
import { TontinePage } from "../../../tontine-page";
import { ChangeDone } from "../change-done";

interface OrderPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineOrder") };
}

/** The order of the places; before the start the chair moves one at a time, and whoever had signed signs again. */
export default safePage(async function OrderPage({ params, searchParams }: OrderPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const order = await nullIfNotFound(getOrder(await currentContext(), code));
  if (!order) return missingPage();
  const t = await getTranslations("tontineChanges.order");
  return (
    <TontinePage tontine={order} width="form" title={t("heading")} lead={t("lead")}>
      <ChangeDone done={query.done} />
      <ol className="divide-y divide-line rounded-card border border-line bg-card px-5">
        {order.places.map(({ shareId, position, names }) => (
          <li key={shareId} className="py-2.5">
            {position}. <bdi className="font-semibold">{names.join(", ") || t("free")}</bdi>
          </li>
        ))}
      </ol>
      {order.mayMove ? (
        <Section heading={t("move")}>
          <MoveForm order={order} />
        </Section>
      ) : (
        <div className="mt-4">
          <Notice>{t("fixed")}</Notice>
        </div>
      )}
    </TontinePage>
  );
});

async function MoveForm({ order }: { order: OrderView }) {
  const t = await getTranslations("tontineChanges.order");
  const { code, places, signedCount } = order;
  return (
    <>
      <div className="my-3">
        <Notice tone="waiting">{t("again", { count: signedCount })}</Notice>
      </div>
      <FieldsForm
        id="move"
        name="move-place"
        action={moveInOrder}
        hidden={{ code }}
        fields={[
          {
            name: "shareId",
            label: t("which"),
            options: places.map(({ shareId, position, names }) => ({
              value: shareId,
              label: `${position}. ${isolate(names.join(", ") || t("free"))}`,
            })),
          },
          {
            name: "position",
            label: t("position"),
            hint: t("positionHint", { count: places.length }),
            digits: true,
            maxLength: 3,
          },
        ]}
        words={await formWords(t("submit"))}
      />
    </>
  );
}
