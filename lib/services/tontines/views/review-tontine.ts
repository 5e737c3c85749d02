import { type Context, requirePerson } from "../../context";
import { checkTontine } from "../groups/check-tontine";
import { writeRules } from "../rules-text";
import type { ReviewTontine } from "../schema";

/** What members of a group like this would sign, in both languages, a sentence a line. Throws `unauthenticated`, `validation_failed`. */
export function reviewTontine(context: Context, typed: ReviewTontine): { fr: string; en: string } {
  requirePerson(context);
  return writeRules(checkTontine({ ...typed, key: "review" }, context.now));
}
