/** Whom people can ask about their money: what the deployment is configured with. */
export interface Contact {
  /** Who runs the deployment; null where it isn't configured. */
  operator: string | null;
  /** International, as written in the configuration. */
  phone: string | null;
  whatsapp: string | null;
  email: string | null;
  /** When somebody answers, in each language. */
  hours: { fr: string; en: string } | null;
}

/** The contact that a demo without one of its own shows: numbers and a domain that belong to nobody. */
export const DEMO_CONTACT: Contact = {
  operator: "Cauris Démo",
  phone: "+226 25 00 00 00",
  whatsapp: "+226 70 00 00 00",
  email: "aide@cauris.test",
  hours: { fr: "lundi à samedi, 8\u00a0h à 18\u00a0h", en: "Monday to Saturday, 8\u00a0am to 6\u00a0pm" },
};

/** True if there is any way to reach somebody. */
export function isReachable({ phone, whatsapp, email }: Contact): boolean {
  return phone !== null || whatsapp !== null || email !== null;
}
