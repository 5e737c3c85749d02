import { z } from "zod";

const amount = z.string().regex(/^(?:0|[1-9]\d{0,14})$/);

/** How the order of the turns is found: agreed before all sign, or drawn after it. */
export const ORDER_METHODS = ["fixed", "draw"] as const;
export type OrderMethod = (typeof ORDER_METHODS)[number];

/** What a group's rules say, as they are stored: amounts as digits of minor units. */
export const parametersSchema = z.object({
  /** A due may be paid in parts. */
  partsAllowed: z.boolean(),
  /** The fine of a whole share's late contribution, before and after its holder has taken. */
  fineBeforeMinor: amount,
  fineAfterMinor: amount,
  /** All fines of a whole share in a cycle together. */
  fineCapMinor: amount,
  /** How many days after the due day a pot is paid out short. */
  closesAfterDays: z.number().int().min(0).max(30),
  /** What a whole share pays into the solidarity fund each turn, and once at the start into the box. */
  solidarityMinor: amount,
  entryMinor: amount,
  /** What a whole share deposits at the start. */
  depositMinor: amount,
  /** The fund lends what a member doesn't pay. */
  solidarityCovers: z.boolean(),
  /** A member who leaves gets back what they paid, less one part in so many; 0 keeps nothing. */
  retentionOneIn: z.number().int().min(0).max(100),
  /** A member puts off one contribution of a share in a cycle by so many days, without a fine; 0: none. */
  extensionDays: z.number().int().min(0).max(30).default(0),
  order: z.enum(ORDER_METHODS).default("fixed"),
  /** The shares in the order that was agreed, by id, once it was changed: who signs the rules signs it. */
  shareIds: z.array(z.string().regex(/^[1-9]\d{0,17}$/)).optional(),
});

export type Parameters = z.infer<typeof parametersSchema>;

/** The rules of a group that chose nothing: fines of 3 % and 10 %, capped at half a contribution. */
export function defaultParameters(contributionMinor: bigint): Parameters {
  const percent = (part: bigint) => ((contributionMinor * part) / 100n).toString();
  return {
    partsAllowed: false,
    fineBeforeMinor: percent(3n),
    fineAfterMinor: percent(10n),
    fineCapMinor: percent(50n),
    closesAfterDays: 4,
    solidarityMinor: "0",
    entryMinor: "0",
    depositMinor: "0",
    solidarityCovers: true,
    retentionOneIn: 3,
    extensionDays: 0,
    order: "fixed",
  };
}
