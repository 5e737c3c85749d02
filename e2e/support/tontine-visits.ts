import { expect } from "@playwright/test";
import { addDays, dayOf } from "@/lib/day-range";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { offerHandover } from "@/lib/services/tontines/changes/hand-over";
import { offerSwap } from "@/lib/services/tontines/changes/swap-turns";
import { placeTokenOf } from "@/lib/services/tontines/code";
import { openDecision } from "@/lib/services/tontines/decisions/open-decision";
import { openDispute } from "@/lib/services/tontines/disputes/open-dispute";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { addDrawNumber } from "@/lib/services/tontines/order/add-draw-number";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { getChangeChoices } from "@/lib/services/tontines/views/get-change-choices";
import { getTurn } from "@/lib/services/tontines/views/get-turn";
import { createContext, TEST_PIN } from "./people";
import type { Deployment, Person } from "./started-deployment";
import { codeOf, drawInOrder, readTontine, signAll, typedTontine } from "./tontines";
import type { Visit } from "./visits";

const ZONE = "Africa/Abidjan";
const NAME = "Tontine des Sœurs de Ouagadougou";
/** A turn is called at once when its due day is so near. */
const FIRST_DAY_IN = 2;

/** People as verbs of a test take them. */
const asUser = (deployment: Deployment, person: Person) => ({
  ...person,
  context: deployment.contextOf(person),
});

const firstDay = () => addDays(dayOf(new Date(), ZONE), FIRST_DAY_IN);

/** A running tontine of the person and three others whose first turn is called. Returns its code. */
export async function runningTontine(
  deployment: Deployment,
  person: Person,
  francs = 50_000n,
): Promise<string> {
  const others = await Promise.all(
    ["Fatou", "Marie-Bernadette", "Koffi"].map((name) => deployment.createPerson(undefined, name)),
  );
  const people = [person, ...others];
  for (const each of people) {
    await deployment.givePin(each);
    if (francs > 0n) await deployment.fund(each, francs);
  }
  const users = people.map((each) => asUser(deployment, each));
  const { db } = deployment.contextOf(person);
  const code = await codeOf(users, { name: NAME, firstDay: firstDay(), solidarity: "500", deposit: "1 000" });
  await signAll(db, code, users);
  await startTontine(deployment.contextOf(person), { code, pin: TEST_PIN });
  const { id } = await readTontine(db, code);
  await advanceTontine(createContext(db, { kind: "system" }), id);
  return code;
}

/** A running tontine in which the person is treasurer, and a payout to its founder waits for approval. */
export async function proposedPayout(
  deployment: Deployment,
  person: Person,
): Promise<{ code: string; payoutId: string }> {
  const founder = await deployment.createPerson(undefined, "Marie-Bernadette");
  const third = await deployment.createPerson(undefined, "Koffi");
  const people = [founder, person, third];
  for (const each of people) {
    await deployment.givePin(each);
    await deployment.fund(each, 50_000n);
  }
  const users = people.map((each) => asUser(deployment, each));
  const context = deployment.contextOf(founder);
  const code = await codeOf(users, { name: NAME, firstDay: firstDay() });
  await signAll(context.db, code, users);
  await startTontine(context, { code, pin: TEST_PIN });
  const { id } = await readTontine(context.db, code);
  await advanceTontine(createContext(context.db, { kind: "system" }), id);
  const { dues } = await getTurn(context, { code, number: 1 });
  await payDues(context, { code, dueIds: dues.map((due) => due.id), pin: TEST_PIN, key: newKey() });
  const [payout] = (await getTurn(context, { code, number: 1 })).payouts;
  invariant(payout, "a complete pot is proposed to be paid out");
  return { code, payoutId: payout.id };
}

/** A tontine of the person and three others that all signed and whose order is still to be drawn. Returns its code. */
export async function tontineToDraw(deployment: Deployment, person: Person): Promise<string> {
  const others = await Promise.all(
    ["Fatou", "Marie-Bernadette", "Koffi"].map((name) => deployment.createPerson(undefined, name)),
  );
  const people = [person, ...others];
  for (const each of people) await deployment.givePin(each);
  const users = people.map((each) => asUser(deployment, each));
  const { db } = deployment.contextOf(person);
  const code = await codeOf(users, { name: NAME, order: "draw" });
  await signAll(db, code, users);
  for (const [index, { context }] of users.slice(1).entries()) {
    await addDrawNumber(context, { code, number: String(4_821 + index * 977) });
  }
  return code;
}

/** A running tontine in which a waiver of what somebody else owes is put to the vote. */
async function openDecisionOf(
  deployment: Deployment,
  person: Person,
): Promise<{ code: string; decisionId: string }> {
  const code = await runningTontine(deployment, person);
  const context = deployment.contextOf(person);
  const { dues } = await getTurn(context, { code, number: 1 });
  const due = dues.find(({ isMe, kind }) => !isMe && kind === "contribution");
  invariant(due, "others owe too");
  const { decisionId } = await openDecision(context, { code, kind: "waiver", dueId: due.id, pin: TEST_PIN });
  return { code, decisionId: decisionId.toString() };
}

/** A tontine that the person has founded and opened for others. Returns its code and the token of its link. */
export async function openTontine(
  deployment: Deployment,
  founder: Person,
): Promise<{ code: string; token: string }> {
  const context = deployment.contextOf(founder);
  const { code } = await createTontine(context, typedTontine({ name: NAME, deposit: "10 000" }));
  const { token } = await invite(context, { code });
  invariant(token !== "", "an invitation has a token");
  return { code, token };
}

/** A tontine whose first turn is weeks away: somebody asks the person to exchange turns, and somebody else gives their place to who has its link. */
async function offeredChanges(
  deployment: Deployment,
  person: Person,
): Promise<{ code: string; swapId: string; token: string }> {
  const others = await Promise.all(
    ["Marie-Bernadette", "Koffi", "Fatou"].map((name) => deployment.createPerson(undefined, name)),
  );
  const [founder, asker, giver] = others as [Person, Person, Person];
  const people = [founder, person, asker, giver];
  for (const each of people) {
    await deployment.givePin(each);
    await deployment.fund(each, 50_000n);
  }
  const users = people.map((each) => asUser(deployment, each));
  const { db } = deployment.contextOf(founder);
  const code = await codeOf(users, { name: NAME, firstDay: addDays(dayOf(new Date(), ZONE), 20) });
  await signAll(db, code, users);
  await startTontine(deployment.contextOf(founder), { code, pin: TEST_PIN });
  const { mine, others: places } = await getChangeChoices(deployment.contextOf(asker), code);
  const { swapId } = await offerSwap(deployment.contextOf(asker), {
    code,
    holderId: mine[0]?.holderId ?? "",
    withHolderId: places.find(({ turn }) => turn.number === 2)?.holderId ?? "",
    consideration: "2 500",
    pin: TEST_PIN,
  });
  const own = (await getChangeChoices(deployment.contextOf(giver), code)).mine[0];
  const place = { code, holderId: own?.holderId ?? "", toMemberId: "", pin: TEST_PIN };
  const { handoverId } = await offerHandover(deployment.contextOf(giver), place);
  return { code, swapId: swapId.toString(), token: placeTokenOf(handoverId) };
}

/** Visits of the pages of tontines. */
export const TONTINES: Record<string, (visit: Visit) => Promise<void>> = {
  "tontines-empty": ({ open }) => open("/tontines"),
  tontines: async ({ open, deployment, person }) => {
    await openTontine(deployment, person);
    await runningTontine(deployment, person);
    await open("/tontines");
  },
  "tontine-new": async ({ open, page, words }) => {
    await open("/tontines/new");
    await page.getByText(words.tontines.new.more).click();
  },
  "tontine-new-refused": async ({ open, page, words }) => {
    await open("/tontines/new");
    await page.getByLabel(words.tontines.new.shares).fill("1");
    await page.getByRole("button", { name: words.tontines.new.submit, exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  },
  "tontine-review": ({ open }) =>
    open(
      `/tontines/new/review?${new URLSearchParams({ name: NAME, currency: "XOF", contribution: "10000", shares: "12", calendar: "monthly", firstDay: firstDay() })}`,
    ),
  "tontine-forming": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openTontine(deployment, person)).code}?done=created`),
  "tontine-sign": async ({ open, deployment, person }) => {
    await deployment.givePin(person);
    await open(`/tontines/${(await openTontine(deployment, person)).code}/sign`);
  },
  "tontine-draw": async ({ open, deployment, person }) =>
    open(`/tontines/${await tontineToDraw(deployment, person)}/draw`),
  "tontine-drawn": async ({ open, deployment, person }) => {
    const code = await tontineToDraw(deployment, person);
    await drawInOrder(deployment.contextOf(person).db, code, asUser(deployment, person));
    await open(`/tontines/${code}/draw`);
  },
  "tontine-start": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openTontine(deployment, person)).code}/start`),
  "tontine-invite": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openTontine(deployment, person)).code}/invite`),
  "tontine-join": async ({ open, deployment, person }) => {
    await deployment.givePin(person);
    const founder = await deployment.createPerson(undefined, "Marie-Bernadette");
    await open(`/join/${(await openTontine(deployment, founder)).token}`);
  },
  "tontine-code": ({ open }) => open("/join?code=abc"),
  tontine: async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}`),
  "tontine-pay": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/pay`),
  "tontine-pay-too-little": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person, 0n)}/pay`),
  "tontine-pay-others": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/pay?for=others`),
  "tontine-pay-ahead": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/pay?advance=1&amount=5000,5`),
  "tontine-mandate": async ({ open, page, deployment, person, words }) => {
    await open(`/tontines/${await runningTontine(deployment, person)}/mandate`);
    await page.getByText(words.tontines.mandate.change).click();
  },
  "tontine-booklet": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/booklet`),
  "tontine-repay": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/repay`),
  "tontine-minutes": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/minutes`),
  "tontine-minutes-of-turn": async ({ open, deployment, person }) =>
    open(`/tontines/${(await proposedPayout(deployment, person)).code}/minutes/1`),
  "tontine-turn": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/turns/1`),
  "tontine-approve": async ({ open, page, deployment, person, words }) => {
    const { code, payoutId } = await proposedPayout(deployment, person);
    await open(`/tontines/${code}/approve/${payoutId}`);
    await page.getByText(words.tontineBooks.payout.refuse, { exact: true }).click();
  },
  "tontine-cashbook": async ({ open, deployment, person }) =>
    open(`/tontines/${(await proposedPayout(deployment, person)).code}/cashbook`),
  "tontine-cashbook-empty": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openTontine(deployment, person)).code}/cashbook`),
  "tontine-meeting": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/meeting`),
  "tontine-members": async ({ open, page, deployment, person, words }) => {
    await open(`/tontines/${(await openTontine(deployment, person)).code}/members`);
    await page.getByText(words.tontineBooks.members.giveRoles, { exact: true }).click();
  },
  "tontine-rules": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/rules`),
  "tontine-audit": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/audit`),
  "tontine-disputes": async ({ open, deployment, person }) => {
    const code = await runningTontine(deployment, person);
    const context = deployment.contextOf(person);
    await openDispute(context, { code, about: "turn", id: "1", reason: "Il manque la part de Koffi." });
    await open(`/tontines/${code}/disputes?about=turn&id=1`);
  },
  "tontine-decisions": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openDecisionOf(deployment, person)).code}/decisions`),
  "tontine-decision": async ({ open, deployment, person }) => {
    const { code, decisionId } = await openDecisionOf(deployment, person);
    await open(`/tontines/${code}/decisions/${decisionId}?choice=yes`);
  },
  "tontine-new-decision": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/decisions/new?kind=pause`),
  "tontine-close": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/close`),
  "tontine-changes": async ({ open, deployment, person }) =>
    open(`/tontines/${(await offeredChanges(deployment, person)).code}/changes`),
  "tontine-change-swap": async ({ open, deployment, person }) => {
    const { code, swapId } = await offeredChanges(deployment, person);
    await open(`/tontines/${code}/changes/swap/${swapId}`);
  },
  "tontine-swap": async ({ open, page, deployment, person, words }) => {
    const { code } = await offeredChanges(deployment, person);
    await open(`/tontines/${code}/changes/swap`);
    await page.getByLabel(words.tontineChanges.swap.with).selectOption({ index: 1 });
    await page.getByLabel(words.tontineChanges.swap.sum).fill("2500");
    await page.getByRole("button", { name: words.tontineChanges.swap.review, exact: true }).click();
    await expect(page.getByText(words.tontineChanges.swap.meansSum)).toBeVisible();
  },
  "tontine-handover": async ({ open, deployment, person }) =>
    open(`/tontines/${(await offeredChanges(deployment, person)).code}/changes/handover`),
  "tontine-guarantee": async ({ open, deployment, person }) =>
    open(`/tontines/${(await offeredChanges(deployment, person)).code}/changes/guarantee`),
  "tontine-leave": async ({ open, deployment, person }) =>
    open(`/tontines/${(await offeredChanges(deployment, person)).code}/changes/leave`),
  "tontine-leave-owing": async ({ open, deployment, person }) =>
    open(`/tontines/${await runningTontine(deployment, person)}/changes/leave`),
  "tontine-order": async ({ open, deployment, person }) =>
    open(`/tontines/${(await openTontine(deployment, person)).code}/changes/order`),
  "tontine-take-over": async ({ open, deployment, person }) => {
    await deployment.givePin(person);
    const member = await deployment.createPerson(undefined, "Adjoa");
    await open(`/take-over/${(await offeredChanges(deployment, member)).token}`);
  },
};
