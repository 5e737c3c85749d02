import type { Context } from "../../context";
import type { JoinAndSign } from "../schema";
import { joinTontine } from "./join-tontine";
import { signRules } from "./sign-rules";

/**
 * Joins by an invitation and signs the rules as they were shown, with the PIN. When the PIN is wrong the person has joined and not signed: doing it
 * again signs. Throws what `joinTontine` and `signRules` throw.
 */
export async function joinAndSign(context: Context, input: JoinAndSign): Promise<{ code: string }> {
  const { invitation, shares, hash, pin } = input;
  const { code } = await joinTontine(context, { invitation, ...(shares !== undefined && { shares }) });
  await signRules(context, { code, ...(hash !== undefined && { hash }), ...(pin !== undefined && { pin }) });
  return { code };
}
