import * as tontines from "@/lib/services/tontines/schema";
import { PIN } from "../requests/person";
import { type ActionRule, inDays, ofActor, type PageRule, person, refusedPerson } from "./page-rule";
import { freshKey, type Values } from "./rule";

const tontine: Values = { code: { id: "tontine" } };
const openTontine: Values = { code: { id: "openTontine" } };
const payout: Values = {
  code: { id: "paidTontine" },
  payoutId: ofActor((actor) => actor.proposedPayout(), "1"),
};
const decision: Values = {
  code: { id: "tontine" },
  decisionId: ofActor((actor) => actor.openDecision(), "1"),
};
/** A guarantee that the actor has asked for. */
const change: Values = {
  code: { id: "tontine" },
  kind: "guarantee",
  id: ofActor((actor) => actor.tontineGuarantee(), "1"),
};
const dispute: Values = {
  code: { id: "tontine" },
  disputeId: ofActor((actor) => actor.openDispute(), "1"),
};
const newTontine = {
  ...{ name: "Tontine des Sœurs", currency: "XOF", contribution: "100", shares: "3" },
  ...{ calendar: "weekly", firstDay: inDays(40) },
};

/** The pages of tontines. */
export const TONTINE_PAGES: Readonly<Record<string, PageRule>> = {
  "/[locale]/tontines": { who: "person" },
  "/[locale]/tontines/new": { who: "person" },
  "/[locale]/tontines/new/review": {
    who: "person",
    query: String(new URLSearchParams({ name: "T", contribution: "100", shares: "3", firstDay: inDays(40) })),
  },
  "/[locale]/tontines/[code]": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/pay": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/repay": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/mandate": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/booklet": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/booklet/booklet.pdf": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/booklet/booklet.csv": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/turns/[number]": { who: "person", params: { ...tontine, number: "1" } },
  "/[locale]/tontines/[code]/approve/[payoutId]": { who: "person", params: payout },
  "/[locale]/tontines/[code]/cashbook": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/cashbook/cashbook.pdf": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/cashbook/cashbook.csv": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/minutes": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/minutes/[number]": { who: "person", params: { ...tontine, number: "1" } },
  "/[locale]/tontines/[code]/minutes/[number]/minutes.pdf": {
    who: "person",
    params: { ...tontine, number: "1" },
  },
  "/[locale]/tontines/[code]/minutes/[number]/minutes.csv": {
    who: "person",
    params: { ...tontine, number: "1" },
  },
  "/[locale]/tontines/[code]/meeting": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/members": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/rules": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/draw": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/audit": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/close": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/disputes": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/decisions": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/decisions/new": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/decisions/[decisionId]": { who: "person", params: decision },
  "/[locale]/tontines/[code]/changes": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/changes/[kind]/[id]": { who: "person", params: change },
  "/[locale]/tontines/[code]/changes/swap": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/changes/handover": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/changes/guarantee": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/changes/leave": { who: "person", params: tontine },
  "/[locale]/tontines/[code]/changes/order": { who: "person", params: openTontine },
  "/[locale]/tontines/[code]/sign": { who: "person", params: openTontine },
  "/[locale]/tontines/[code]/start": { who: "person", params: openTontine },
  "/[locale]/tontines/[code]/invite": { who: "person", params: openTontine },
  // Needs the token of a place that is handed over; any other is answered with 404.
  "/[locale]/take-over/[token]": { who: "missing", params: { token: `1-${"A".repeat(22)}` } },
  "/[locale]/join": { who: "person" },
  // Needs the token of an invitation, or a sign-in with its code; any other token is answered with 404.
  "/[locale]/join/[token]": { who: "missing", params: { token: "A".repeat(22) } },
};

/** Their actions, by file below `app/[locale]/` and exported name. */
export const TONTINE_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionRule>>>> = {
  "tontines/actions.ts": {
    reviewTontine: person(tontines.reviewTontineSchema, newTontine),
    foundTontine: person(tontines.createTontineSchema, { ...newTontine, key: freshKey }),
    openInvitation: person(tontines.tontineSchema, openTontine),
    inviteByPhone: person(tontines.addMemberSchema, {
      ...openTontine,
      name: "Mariam",
      phone: "",
      shares: "1",
    }),
    // By the code, which any person may type; signing needs the hash of what was shown.
    joinTontine: refusedPerson("approval_stale", tontines.joinAndSignSchema, {
      invitation: ofActor((actor) => (actor.payee ?? actor).openTontine(), "ZZZZZ2"),
      shares: "1",
      hash: "",
      pin: PIN,
    }),
    signTontine: refusedPerson("approval_stale", tontines.signRulesSchema, {
      ...openTontine,
      hash: "",
      pin: PIN,
    }),
    beginTontine: refusedPerson("tontine_not_now", tontines.confirmedSchema, { ...openTontine, pin: PIN }),
    endTontine: person(tontines.tontineSchema, openTontine),
    payContributions: refusedPerson("tontine_not_now", tontines.payDuesFormSchema, {
      ...tontine,
      dues: ofActor((actor) => actor.tontineDues(), "1"),
      amount: "",
      pin: PIN,
      key: freshKey,
    }),
    putOffContribution: refusedPerson("pin_required", tontines.extendDueSchema, {
      ...tontine,
      dueId: "1",
      pin: "",
    }),
    payAhead: person(tontines.payAmountSchema, { ...tontine, amount: "100", pin: PIN, key: freshKey }),
    // Nobody paid for the actor.
    repay: refusedPerson("tontine_not_now", tontines.payAmountSchema, {
      ...tontine,
      amount: "100",
      pin: PIN,
      key: freshKey,
    }),
    consent: person(tontines.giveMandateSchema, {
      ...tontine,
      ceiling: "100",
      endsOn: inDays(40),
      pin: PIN,
    }),
    resumeConsent: refusedPerson("tontine_not_now", tontines.confirmedSchema, { ...tontine, pin: PIN }),
    endConsent: person(tontines.tontineSchema, tontine),
  },
  "tontines/decision-actions.ts": {
    askGroup: person(tontines.openDecisionSchema, { ...tontine, kind: "pause", pin: PIN }),
    voteOn: refusedPerson("approval_stale", tontines.castVoteSchema, {
      ...decision,
      choice: "yes",
      hash: "",
      pin: PIN,
    }),
    takeBack: person(tontines.decisionSchema, decision),
  },
  "tontines/change-actions.ts": {
    // Without a PIN where several people have to act before: that is asked for once the group is theirs. The chair can't leave.
    proposeSwap: refusedPerson("pin_required", tontines.offerSwapSchema, {
      ...tontine,
      holderId: "1",
      withHolderId: "2",
      pin: "",
    }),
    proposePlace: refusedPerson("pin_required", tontines.offerHandoverSchema, {
      ...tontine,
      holderId: "1",
      toMemberId: "",
      pin: "",
    }),
    askGuarantee: person(tontines.offerGuaranteeSchema, {
      ...tontine,
      guarantorId: ofActor((actor) => actor.otherTontineMember(), "1"),
      amount: "100",
    }),
    acceptChange: refusedPerson("pin_required", tontines.signChangeSchema, { ...change, pin: "" }),
    countersignChange: refusedPerson("pin_required", tontines.signChangeSchema, {
      ...tontine,
      kind: "handover",
      id: "1",
      pin: "",
    }),
    endChange: person(tontines.endChangeSchema, change),
    leave: refusedPerson("tontine_not_now", tontines.confirmedSchema, { ...tontine, pin: PIN }),
    moveInOrder: refusedPerson("validation_failed", tontines.movePlaceSchema, {
      ...openTontine,
      shareId: "1",
      position: "0",
    }),
    takeOver: refusedPerson("pin_required", tontines.takePlaceSchema, {
      token: ofActor((actor) => actor.placeToken(), ""),
      pin: "",
    }),
  },
  "tontines/draw-actions.ts": {
    chooseOrder: person(tontines.setOrderMethodSchema, { ...openTontine, order: "fixed" }),
    addNumber: refusedPerson("tontine_not_now", tontines.addDrawNumberSchema, {
      ...openTontine,
      number: "7",
    }),
    freezeSheet: refusedPerson("tontine_not_now", tontines.confirmedSchema, { ...openTontine, pin: PIN }),
    freezeForLotto: refusedPerson("tontine_not_now", tontines.freezeDrawSchema, {
      ...openTontine,
      lotto: "LONACI Etoile",
      lottoDay: inDays(2),
      pin: PIN,
    }),
    typeLotto: refusedPerson("tontine_not_now", tontines.typeLottoSchema, {
      ...openTontine,
      numbers: "3 17 42 60 88",
      day: "2026-01-01",
      pin: PIN,
    }),
    confirmLotto: refusedPerson("tontine_not_now", tontines.confirmLottoSchema, {
      ...openTontine,
      numbers: "3-17-42-60-88",
      pin: PIN,
    }),
    refuseLotto: refusedPerson("tontine_not_now", tontines.tontineSchema, openTontine),
  },
  "tontines/dispute-actions.ts": {
    objectTo: person(tontines.openDisputeSchema, {
      ...tontine,
      about: "turn",
      id: "1",
      reason: "Il manque une part.",
    }),
    answerTo: refusedPerson("tontine_role_missing", tontines.answerDisputeSchema, {
      ...dispute,
      answer: "Vérifié.",
    }),
    ruleOn: refusedPerson("tontine_role_missing", tontines.ruleDisputeSchema, {
      ...dispute,
      outcome: "upheld",
      pin: PIN,
    }),
    takeDisputeBack: person(tontines.disputeSchema, dispute),
  },
  "tontines/office-actions.ts": {
    approve: refusedPerson("approval_stale", tontines.payoutSchema, { ...payout, hash: "", pin: PIN }),
    refuse: refusedPerson("tontine_role_missing", tontines.refusePayoutSchema, {
      ...payout,
      reason: "Attendons la séance.",
      pin: PIN,
    }),
    confirmArrival: refusedPerson("tontine_not_now", tontines.turnFormSchema, {
      ...tontine,
      turn: "1",
      turnId: ofActor((actor) => actor.tontineTurn(), "1"),
    }),
    proposePayoutsAgain: refusedPerson("tontine_not_now", tontines.turnFormSchema, {
      ...tontine,
      turn: "1",
      turnId: ofActor((actor) => actor.tontineTurn(), "1"),
    }),
    putOffTurn: refusedPerson("pin_required", tontines.declineTurnFormSchema, {
      ...tontine,
      turn: "1",
      turnId: "1",
      pin: "",
    }),
    giveRoles: refusedPerson("tontine_not_now", tontines.setRolesFormSchema, {
      ...tontine,
      memberId: ofActor((actor) => actor.tontineMember(), "1"),
      chair: "on",
    }),
    signForMember: refusedPerson("approval_stale", tontines.signRulesSchema, {
      ...openTontine,
      memberId: "",
      hash: "",
      pin: PIN,
    }),
    discharge: refusedPerson("tontine_not_now", tontines.confirmedSchema, { ...tontine, pin: PIN }),
  },
};
