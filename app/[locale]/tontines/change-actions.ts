"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { defineAction } from "@/lib/next/define-action";
import type { Context } from "@/lib/services/context";
import { declineGuarantee, offerGuarantee, signGuarantee } from "@/lib/services/tontines/changes/guarantees";
import {
  acceptHandover,
  applyHandover,
  declineHandover,
  offerHandover,
} from "@/lib/services/tontines/changes/hand-over";
import { acceptLeaver, endLeaving, leaveTontine } from "@/lib/services/tontines/changes/leave-tontine";
import { acceptSwap, applySwap, declineSwap, offerSwap } from "@/lib/services/tontines/changes/swap-turns";
import { takePlace } from "@/lib/services/tontines/changes/take-place";
import { movePlace } from "@/lib/services/tontines/groups/set-order";
import {
  confirmedSchema,
  endChangeSchema,
  movePlaceSchema,
  offerGuaranteeSchema,
  offerHandoverSchema,
  offerSwapSchema,
  signChangeSchema,
  takePlaceSchema,
} from "@/lib/services/tontines/schema";
import type { ChangeKind } from "@/lib/services/tontines/views/change-view";
import type { ChangeDoneWord } from "./[code]/changes/change-done";

async function leadTo(code: string, page: string, done: ChangeDoneWord): Promise<never> {
  redirect(`${localizedPath(await getLocale(), `/tontines/${code}/${page}`)}?done=${done}`);
}

/** Fields: code, holderId, withHolderId, consideration, pin. Redirects to the offer. */
export const proposeSwap = defineAction(
  { name: "offer-swap", auth: "user", schema: offerSwapSchema },
  async (context, input) => {
    const { swapId } = await offerSwap(context, input);
    return await leadTo(input.code, `changes/swap/${swapId}`, "offered");
  },
);

/** Fields: code, holderId, toMemberId (empty for a link), pin. Redirects to the offer. */
export const proposePlace = defineAction(
  { name: "offer-handover", auth: "user", schema: offerHandoverSchema },
  async (context, input) => {
    const { handoverId } = await offerHandover(context, input);
    return await leadTo(input.code, `changes/handover/${handoverId}`, "offered");
  },
);

/** Fields: code, guarantorId, amount. Redirects to the offer. */
export const askGuarantee = defineAction(
  { name: "offer-guarantee", auth: "user", schema: offerGuaranteeSchema },
  async (context, input) => {
    const { guaranteeId } = await offerGuarantee(context, input);
    return await leadTo(input.code, `changes/guarantee/${guaranteeId}`, "offered");
  },
);

type Named = { code: string; id: string; pin: string };

const ACCEPT: Readonly<Partial<Record<ChangeKind, (context: Context, named: Named) => Promise<void>>>> = {
  swap: acceptSwap,
  handover: acceptHandover,
  guarantee: (context, { code, id, pin }) => signGuarantee(context, { code, guaranteeId: id, pin }),
};

const COUNTERSIGN: typeof ACCEPT = {
  swap: applySwap,
  handover: applyHandover,
  leaving: (context, { code, id, pin }) => acceptLeaver(context, { code, memberId: id, pin }),
};

const END: Readonly<Record<ChangeKind, (context: Context, named: Omit<Named, "pin">) => Promise<void>>> = {
  swap: declineSwap,
  handover: declineHandover,
  guarantee: (context, { code, id }) => declineGuarantee(context, { code, guaranteeId: id }),
  leaving: (context, { code, id }) => endLeaving(context, { code, memberId: id }),
};

/** Fields: code, kind, id, pin. Redirects to the change. */
export const acceptChange = defineAction(
  { name: "accept-change", auth: "user", schema: signChangeSchema },
  async (context, { kind, ...named }) => {
    const accept = ACCEPT[kind];
    if (!accept) throw new DomainError("not_found");
    await accept(context, named);
    return await leadTo(named.code, `changes/${kind}/${named.id}`, "accepted");
  },
);

/** Fields as {@link acceptChange}: an officer's signature. Redirects to the change. */
export const countersignChange = defineAction(
  { name: "countersign-change", auth: "user", schema: signChangeSchema },
  async (context, { kind, ...named }) => {
    const countersign = COUNTERSIGN[kind];
    if (!countersign) throw new DomainError("not_found");
    await countersign(context, named);
    return await leadTo(named.code, `changes/${kind}/${named.id}`, "countersigned");
  },
);

/** Fields: code, kind, id. Redirects to the list of changes. */
export const endChange = defineAction(
  { name: "end-change", auth: "user", schema: endChangeSchema },
  async (context, { kind, ...named }) => {
    await END[kind](context, named);
    return await leadTo(named.code, "changes", "ended");
  },
);

/** Fields: code, pin. Redirects to the list of groups when the member has left at once, else to the changes. */
export const leave = defineAction(
  { name: "leave-tontine", auth: "user", schema: confirmedSchema },
  async (context, input) => {
    const { hasLeft } = await leaveTontine(context, input);
    if (!hasLeft) return await leadTo(input.code, "changes", "asked");
    redirect(`${localizedPath(await getLocale(), "/tontines")}?done=left`);
  },
);

/** Fields: code, shareId, position. Redirects to the order. */
export const moveInOrder = defineAction(
  { name: "move-place", auth: "user", schema: movePlaceSchema },
  async (context, input) => {
    await movePlace(context, input);
    return await leadTo(input.code, "changes/order", "moved");
  },
);

/** Fields: token, pin. Redirects to the group's changes. */
export const takeOver = defineAction(
  { name: "take-place", auth: "user", schema: takePlaceSchema },
  async (context, input) => {
    const { code } = await takePlace(context, input);
    return await leadTo(code, "changes", "taken");
  },
);
