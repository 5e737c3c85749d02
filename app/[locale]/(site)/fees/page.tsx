import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import { listOrderMethods, type OrderMethod } from "@/lib/services/operations/list-order-methods";
import { describeFee } from "@/lib/services/withdrawals/describe-fee";
import { MethodMark } from "@/lib/ui/method-mark";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { methodLabel } from "../../method-label";
import { safePage } from "../../safe-page";
import { InfoShell } from "../info-shell";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("fees") };
}

/** What operations cost and their limits, as this deployment is configured. */
export default safePage(async function FeesPage() {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("fees")]);
  const { basisPoints, example } = describeFee(DEFAULT_CURRENCY);
  const percent = (Number(basisPoints) / 100).toLocaleString(locale);
  return (
    <InfoShell title={t("heading")} lead={t("lead")}>
      <ReceiptRows
        rows={[
          { label: t("topup"), value: t("free") },
          { label: t("send"), value: t("free") },
          { label: t("vaults"), value: t("free") },
          { label: t("withdraw"), value: basisPoints === 0n ? t("free") : t("percent", { percent }) },
        ]}
      />
      <div className="mt-3 text-sm text-muted">
        {basisPoints > 0n && (
          <p>
            {t("example", {
              amount: formatMoney(example.amount, locale),
              fee: formatMoney(example.fee, locale),
              total: formatMoney(example.total, locale),
            })}{" "}
            {t("roundedUp")}
          </p>
        )}
        <p>{t("operator")}</p>
      </div>
      <Section heading={t("limits")}>
        {(["in", "out"] as const).map((direction) => (
          <Limits key={direction} direction={direction} />
        ))}
      </Section>
    </InfoShell>
  );
});

/** Each method once with its countries and limits. */
async function Limits({ direction }: { direction: "in" | "out" }) {
  const [locale, t, methods, countries] = await Promise.all([
    getLocale(),
    getTranslations("fees"),
    getTranslations("methods"),
    getTranslations("countries"),
  ]);
  const offers = CURRENCY_CODES.flatMap((currency) => listOrderMethods(direction, currency));
  return (
    <>
      <h3 className="mt-4 font-semibold">{t(`direction.${direction}`)}</h3>
      <ul className="mt-2 divide-y divide-line rounded-card border border-line bg-card px-4">
        {groupByMethod(offers).map(([first, ...others]) => (
          <li key={`${first.method} ${first.min.amountMinor}`} className="flex items-center gap-3 py-3">
            <MethodMark method={first.method} />
            <div className="min-w-0">
              <p className="font-semibold">
                {methodLabel({ method: first.method, methodName: first.name }, methods)}
              </p>
              <p className="text-sm text-muted">
                {[first, ...others].map(({ country }) => countries(country)).join(", ")}
              </p>
              <p className="text-sm">
                {t("range", { min: formatMoney(first.min, locale), max: formatMoney(first.max, locale) })}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Offers of one method with the same limits, together. */
function groupByMethod(offers: readonly OrderMethod[]): [OrderMethod, ...OrderMethod[]][] {
  const groups = new Map<string, [OrderMethod, ...OrderMethod[]]>();
  for (const offer of offers) {
    const key = `${offer.method} ${offer.min.currency} ${offer.min.amountMinor} ${offer.max.amountMinor}`;
    const group = groups.get(key);
    if (group) group.push(offer);
    else groups.set(key, [offer]);
  }
  return [...groups.values()];
}
