import { expect } from "@playwright/test";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { createMoneyRequest } from "@/lib/services/money-requests/create-money-request";
import { getMoneyRequest } from "@/lib/services/money-requests/get-money-request";
import type { Visit } from "./visits";

const NOTE = "Pour le riz, l’huile et le savon de la tontine de novembre";

/** A money request that anybody with its link may pay, or only the wallet with this number. */
export async function askForMoney(
  context: Context,
  walletNumber = "",
): Promise<{ requestId: string; token: string }> {
  const form = { walletNumber, amount: "1 234 567", currency: "XOF", note: NOTE, key: newKey() } as const;
  const { requestId } = await createMoneyRequest(context, form);
  return { requestId, token: (await getMoneyRequest(context, requestId)).token ?? "" };
}

/** Visits of the pages by which people receive, and pay what a link or a request proposes. */
export const RECEIVING: Record<string, (visit: Visit) => Promise<void>> = {
  receive: ({ open }) => open("/wallet/receive"),
  "receive-amount": ({ open }) =>
    open(`/wallet/receive?amount=1234567&note=${encodeURIComponent(`${NOTE} ${"beaucoup".repeat(6)}`)}`),
  "receive-refused": ({ open }) => open(`/wallet/receive?currency=EUR&amount=-5&note=${"x".repeat(200)}`),
  "transfer-by-link": async ({ open, deployment, person, page, words }) => {
    const other = await deployment.createPerson(undefined, "Marie-Bernadette");
    await deployment.fund(person, 5_000n);
    await deployment.send(person, other, 1_000n);
    await open(`/p/${other.walletNumber}?amount=1500&note=Riz`);
    await expect(page.getByText(words.payLink.proposed.split("{")[0] ?? "")).toBeVisible();
  },
  "transfer-recent": async ({ open, deployment, person }) => {
    await deployment.fund(person, 5_000n);
    for (const name of ["Moussa", "Marie-Bernadette", "Awa"]) {
      await deployment.send(person, await deployment.createPerson(undefined, name), 1_000n);
    }
    await open("/wallet/transfer");
  },
  "transfer-own-link": ({ open, person }) => open(`/p/${person.walletNumber}`),
  "requests-empty": ({ open }) => open("/wallet/requests"),
  requests: async ({ open, deployment, person }) => {
    const other = await deployment.createPerson(undefined, "Marie-Bernadette");
    await askForMoney(deployment.contextOf(person), other.walletNumber);
    await askForMoney(deployment.contextOf(person));
    await askForMoney(deployment.contextOf(other), person.walletNumber);
    await open("/wallet/requests");
  },
  "request-new": ({ open }) => open("/wallet/requests/new"),
  "request-mine": async ({ open, deployment, person }) => {
    const { requestId } = await askForMoney(deployment.contextOf(person));
    await open(`/wallet/requests/${requestId}?done=created`);
  },
  "request-theirs": async ({ open, deployment, person }) => {
    const other = await deployment.createPerson(undefined, "Marie-Bernadette");
    const { requestId } = await askForMoney(deployment.contextOf(other), person.walletNumber);
    await open(`/wallet/requests/${requestId}`);
  },
};
