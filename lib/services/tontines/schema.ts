import { z } from "zod";
import { CURRENCY_CODES, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { ORDER_METHODS } from "./rules";

// Forms as they are posted: a missing field is an empty one, and the verbs check all of them at once.
const typed = z.string().max(2_000, "too_long").default("");
/** The form's idempotency key, made when it was rendered. */
const key = z.string().min(1).max(255);
const code = z.string().max(40).default("");
const id = z.string().max(40).default("");
const pin = z.string().max(40).default("");
/** Yes (`on`) or no. */
const ticked = z.enum(["on", ""]).default("");

export const createTontineSchema = z.object({
  name: typed,
  currency: z.enum(CURRENCY_CODES).default(DEFAULT_CURRENCY),
  /** What a whole share pays a turn, as it was typed. */
  contribution: typed,
  /** How many shares, and how many of them take in one turn. */
  shares: typed,
  sharesPerTurn: typed,
  /** IANA name. */
  zone: typed,
  calendar: z.enum(["weekly", "two_weekly", "monthly", "dates"]).default("monthly"),
  /** The first due day, such as `2027-01-31`; not for own dates. */
  firstDay: typed,
  /** Of a monthly calendar, 1 to 31; 31 is the last day of each month. Empty for the day of `firstDay`. */
  dayOfMonth: typed,
  /** Own due days, separated by spaces, commas or lines. */
  dates: typed,
  /** Such as `18:00`. */
  time: typed,
  order: z.enum(ORDER_METHODS).default("fixed"),
  /** How many shares the founder takes: `0`, `0.5`, `1`… */
  ownShares: typed,
  // Rules; an empty field is the default.
  partsAllowed: ticked,
  fineBefore: typed,
  fineAfter: typed,
  fineCap: typed,
  closesAfterDays: typed,
  solidarity: typed,
  entryFee: typed,
  deposit: typed,
  retentionOneIn: typed,
  extensionDays: typed,
  key,
});
export type CreateTontine = z.input<typeof createTontineSchema>;

/** The same before there is anything to do twice. */
export const reviewTontineSchema = createTontineSchema.omit({ key: true });
export type ReviewTontine = z.output<typeof reviewTontineSchema>;

export const tontineSchema = z.object({ code });
export type NamedTontine = z.infer<typeof tontineSchema>;

export const addMemberSchema = z.object({ code, name: typed, phone: typed, shares: typed });
export type AddMember = z.input<typeof addMemberSchema>;

/** Of an invitation: the token of its link, or the code. */
export const joinTontineSchema = z.object({ invitation: z.string().max(60).default(""), shares: typed });
export type JoinTontine = z.input<typeof joinTontineSchema>;

/** `hash` is that of the rules that were shown; `memberId` for a member without an account. */
export const signRulesSchema = z.object({ code, hash: z.string().max(100).default(""), memberId: id, pin });
export type SignRules = z.input<typeof signRulesSchema>;

/** Of somebody who joins and signs at once. */
export const joinAndSignSchema = z.object({
  invitation: z.string().max(60).default(""),
  shares: typed,
  hash: z.string().max(100).default(""),
  pin,
});
export type JoinAndSign = z.input<typeof joinAndSignSchema>;

export const setRolesSchema = z.object({
  code,
  memberId: id,
  roles: z.array(z.string().max(20)).max(4).default([]),
});
export type SetRoles = z.input<typeof setRolesSchema>;

/** Share ids in the new order. */
export const setOrderSchema = z.object({ code, shareIds: z.array(id).max(300).default([]) });
export type SetOrder = z.input<typeof setOrderSchema>;

export const movePlaceSchema = z.object({ code, shareId: id, position: typed });
export type MovePlace = z.input<typeof movePlaceSchema>;
export const setOrderMethodSchema = z.object({ code, order: z.enum(ORDER_METHODS) });
export type SetOrderMethod = z.input<typeof setOrderMethodSchema>;

/** Digits; `memberId` for a member without an account. */
export const addDrawNumberSchema = z.object({ code, number: typed, memberId: id });
export type AddDrawNumber = z.input<typeof addDrawNumberSchema>;

/** `lotto` and `lottoDay` name a draw of a national lotto; both empty for the beacon. */
export const freezeDrawSchema = z.object({
  code,
  source: z.enum(["quicknet", "lotto"]).default("quicknet"),
  lotto: typed,
  lottoDay: typed,
  pin,
});
export type FreezeDraw = z.input<typeof freezeDrawSchema>;

/** Five numbers with anything between, and the day of the draw that they are from. */
export const typeLottoSchema = z.object({ code, numbers: typed, day: typed, pin });
export type TypeLotto = z.input<typeof typeLottoSchema>;

/** `numbers` as they were shown to whoever confirms them. */
export const confirmLottoSchema = z.object({ code, numbers: typed, pin });
export type ConfirmLotto = z.input<typeof confirmLottoSchema>;

export const confirmedSchema = z.object({ code, pin });
export type Confirmed = z.input<typeof confirmedSchema>;

/** `dueIds` are paid in full, or `amount` of the only one. Anybody's in the group. */
export const payDuesSchema = z.object({
  code,
  dueIds: z.array(id).max(50).default([]),
  amount: typed,
  pin,
  key,
});
export type PayDues = z.input<typeof payDuesSchema>;

/** As a form posts it: the ids with spaces between them. */
export const payDuesFormSchema = z.object({
  code,
  dues: z
    .string()
    .max(1_000)
    .default("")
    .transform((ids) => ids.split(" ").filter(Boolean).slice(0, 50)),
  amount: typed,
  pin,
  key,
});

export const payAmountSchema = z.object({ code, amount: typed, pin, key });
export type PayAmount = z.input<typeof payAmountSchema>;

export const payoutSchema = z.object({ code, payoutId: id, hash: z.string().max(100).default(""), pin });
export type ApprovePayout = z.input<typeof payoutSchema>;

export const refusePayoutSchema = z.object({ code, payoutId: id, reason: typed, pin });
export type RefusePayout = z.input<typeof refusePayoutSchema>;

export const giveMandateSchema = z.object({ code, ceiling: typed, endsOn: typed, pin });
export type GiveMandate = z.input<typeof giveMandateSchema>;

export const offerGuaranteeSchema = z.object({ code, guarantorId: id, amount: typed });
export type OfferGuarantee = z.input<typeof offerGuaranteeSchema>;

export const guaranteeSchema = z.object({ code, guaranteeId: id, pin });
export type NamedGuarantee = z.input<typeof guaranteeSchema>;

export const offerSwapSchema = z.object({ code, holderId: id, withHolderId: id, consideration: typed, pin });
export type OfferSwap = z.input<typeof offerSwapSchema>;

/** Without `toMemberId` the place goes to whoever is given the offer's link. */
export const offerHandoverSchema = z.object({ code, holderId: id, toMemberId: id, pin });
export type OfferHandover = z.input<typeof offerHandoverSchema>;

/** `token` is that of the place's link. */
export const takePlaceSchema = z.object({ token: z.string().max(60).default(""), pin });
export type TakePlace = z.input<typeof takePlaceSchema>;

export const offerSchema = z.object({ code, id, pin });
export type NamedOffer = z.input<typeof offerSchema>;

export const memberSchema = z.object({ code, memberId: id, pin });
export type NamedMember = z.input<typeof memberSchema>;

/** What a member asks the group to decide; empty fields are not of its kind. */
export const openDecisionSchema = z.object({
  code,
  kind: z.string().max(20).default(""),
  memberId: id,
  dueId: id,
  role: z.string().max(20).default(""),
  /** `2026-12-31`. */
  day: z.string().max(20).default(""),
  pin,
});
export type OpenDecision = z.input<typeof openDecisionSchema>;

/** `hash` is that of what was shown. */
export const castVoteSchema = z.object({
  code,
  decisionId: id,
  choice: z.enum(["yes", "no", ""]).default(""),
  hash: z.string().max(100).default(""),
  pin,
});
export type CastVote = z.input<typeof castVoteSchema>;

/** `id` of a due or payout, or a turn's number. */
export const openDisputeSchema = z.object({
  code,
  about: z.enum(["fine", "due", "payout", "turn", ""]).default(""),
  id,
  reason: typed,
});
export type OpenDispute = z.input<typeof openDisputeSchema>;

export const answerDisputeSchema = z.object({ code, disputeId: id, answer: typed });
export type AnswerDispute = z.input<typeof answerDisputeSchema>;

export const ruleDisputeSchema = z.object({
  code,
  disputeId: id,
  outcome: z.enum(["granted", "upheld", ""]).default(""),
  pin,
});
export type RuleDispute = z.input<typeof ruleDisputeSchema>;

export const disputeSchema = z.object({ code, disputeId: id });

export const decisionSchema = z.object({ code, decisionId: id });
/** A due of one's own that is paid later, once a cycle. */
export const extendDueSchema = z.object({ code, dueId: id, pin });
export type ExtendDue = z.input<typeof extendDueSchema>;

export const declineTurnSchema = z.object({ code, turnId: id, pin });
export type DeclineTurn = z.input<typeof declineTurnSchema>;

/** Ends an offer or a request without a PIN: a swap, a handover, a guarantee by its id, a request to leave by its member's. */
export const endChangeSchema = z.object({
  code,
  kind: z.enum(["swap", "handover", "guarantee", "leaving"]),
  id,
});
export type EndChange = z.input<typeof endChangeSchema>;

/** The same, to sign it. */
export const signChangeSchema = endChangeSchema.extend({ pin });

const office = z.literal("on").optional();

/** The page's form: a box for each office. */
export const setRolesFormSchema = z.object({
  code,
  memberId: id,
  chair: office,
  treasurer: office,
  secretary: office,
  auditor: office,
});

/** A turn by its id, with its number for the page that follows. */
export const turnFormSchema = z.object({ code, turn: z.string().regex(/^\d{1,4}$/), turnId: id });
export const declineTurnFormSchema = turnFormSchema.extend({ pin });
