import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getMoneyRequest } from "@/lib/services/money-requests/get-money-request";
import { Notice } from "@/lib/ui/notice";
import { PageShell } from "@/lib/ui/page-shell";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { RequestView } from "../request-view";

interface RequestPageProps {
  params: Promise<{ requestId: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("moneyRequest") };
}

/** A request for its two sides: the one who asks, and the one who is asked by name. */
export default safePage(async function RequestPage({ params, searchParams }: RequestPageProps) {
  const { requestId } = await params;
  await requireUserOrRedirect(await getLocale());
  const request = await nullIfNotFound(getMoneyRequest(await currentContext(), requestId));
  if (!request) return missingPage();
  const [t, { done }] = await Promise.all([getTranslations("requests.mine"), searchParams]);
  const isMade = request.isMine && request.status === "open" && (done === "created" || done === "again");
  return (
    <PageShell>
      <RequestView
        request={request}
        token=""
        notice={
          isMade && (
            <Notice tone="good" live>
              {t(done)}
            </Notice>
          )
        }
      />
    </PageShell>
  );
});
