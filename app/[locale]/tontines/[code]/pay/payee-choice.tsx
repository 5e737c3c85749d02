import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { PaymentView } from "@/lib/services/tontines/views/get-payment";
import { EmptyState } from "@/lib/ui/empty-state";
import { Icon } from "@/lib/ui/icons";

/** Members whose dues are open, each with what is. */
export async function PayeeChoice({ payment }: { payment: PaymentView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontines.pay")]);
  const others = payment.payees.filter(({ isMe, dues }) => !isMe && dues.length > 0);
  const path = localizedPath(locale, `/tontines/${payment.code}`);
  if (others.length === 0) {
    return (
      <EmptyState
        icon="check"
        title={t("nobody")}
        text={t("nobodyText")}
        action={{ href: path, label: t("toGroup") }}
      />
    );
  }
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
      {others.map(({ memberId, name, total }) => (
        <li key={memberId}>
          <a
            href={`${path}/pay?for=${memberId}`}
            className="flex min-h-13 items-center justify-between gap-4 px-5 py-3 -outline-offset-4 hover:bg-tint/50"
          >
            <bdi className="min-w-0 font-semibold">{name}</bdi>
            <span className="flex items-center gap-3">
              {formatMoney(total, locale)}
              <Icon name="forward" className="size-4 text-muted" />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
