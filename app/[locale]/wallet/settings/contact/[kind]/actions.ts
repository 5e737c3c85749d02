"use server";

import { redirect } from "next/navigation";
import { getLocale } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { invariant } from "@/lib/invariant";
import { currentNetworks } from "@/lib/next/current-context";
import { defineAction } from "@/lib/next/define-action";
import type { Context } from "@/lib/services/context";
import {
  addContact,
  getAddedContact,
  moveContactHere,
  resendContactCode,
  verifyContact,
} from "@/lib/services/identity/contacts/add-contact";
import type { ContactKind } from "@/lib/services/identity/contacts/contact";
import {
  addEmailSchema,
  addPhoneSchema,
  challengeSchema,
  codeSchema,
  ownPhoneOf,
} from "@/lib/services/identity/users/schema";

async function settingsPath(): Promise<string> {
  return localizedPath(await getLocale(), "/wallet/settings");
}

async function codePath(kind: ContactKind, challengeId: string): Promise<string> {
  return `${await settingsPath()}/contact/${kind}?challenge=${challengeId}`;
}

/** The kind of the person's challenge, for the way back; a phone's where it is over. */
async function kindOf(context: Context, challengeId: string): Promise<ContactKind> {
  return (await getAddedContact(context, challengeId))?.contact.kind ?? "phone";
}

/** Fields: phone, phoneCountry, secret (the password or the PIN). Redirects to the page that asks for the code. */
export const addPhone = defineAction(
  { name: "add-phone", auth: "user", schema: addPhoneSchema },
  async (context, { secret, ...typed }) => {
    const value = ownPhoneOf(typed);
    invariant(value !== null, "the schema requires a number");
    const contact = { kind: "phone", value } as const;
    const { challengeId } = await addContact(context, { contact, secret, networks: await currentNetworks() });
    redirect(await codePath("phone", challengeId));
  },
);

/** Fields: email, secret (the password or the PIN, but for the address of the sign-up). Redirects to the page that asks for the code. */
export const addEmail = defineAction(
  { name: "add-email", auth: "user", schema: addEmailSchema },
  async (context, { email, secret }) => {
    const contact = { kind: "email", value: email } as const;
    const { challengeId } = await addContact(context, { contact, secret, networks: await currentNetworks() });
    redirect(await codePath("email", challengeId));
  },
);

/** Fields: challengeId, code. Redirects to the settings with `?saved=phone` or `email`, or asks where another account has the contact. */
export const confirmContact = defineAction(
  { name: "confirm-contact", auth: "user", schema: codeSchema.extend(challengeSchema.shape) },
  async (context, { challengeId, code }) => {
    const kind = await kindOf(context, challengeId);
    const { status } = await verifyContact(context, { challengeId, code });
    const isVerified = status === "verified";
    redirect(isVerified ? `${await settingsPath()}?saved=${kind}` : await codePath(kind, challengeId));
  },
);

/** Field: challengeId. Sends the code again; redirects to the page with `&sent=1`. */
export const resendContact = defineAction(
  { name: "resend-contact-code", auth: "user", schema: challengeSchema },
  async (context, { challengeId }) => {
    const kind = await kindOf(context, challengeId);
    await resendContactCode(context, { challengeId, networks: await currentNetworks() });
    redirect(`${await codePath(kind, challengeId)}&sent=1`);
  },
);

/** Field: challengeId. Moves the contact of another account to this one, after the right code. */
export const moveContact = defineAction(
  { name: "move-contact", auth: "user", schema: challengeSchema },
  async (context, { challengeId }) => {
    const kind = await kindOf(context, challengeId);
    await moveContactHere(context, { challengeId });
    redirect(`${await settingsPath()}?saved=${kind}`);
  },
);
