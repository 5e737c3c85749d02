import { createHash } from "node:crypto";
import type { Day } from "@/lib/day-range";
import { formatMoney } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";

export interface Consent {
  name: string;
  ceiling: Money;
  endsOn: Day;
}

/** What a person consents to, in both languages, and its SHA-256. */
export function writeConsent({ name, ceiling, endsOn }: Consent): { fr: string; en: string; hash: Buffer } {
  const fr = `Je demande que mes cotisations à la tontine « ${name} » soient payées depuis mon portefeuille le jour de l’échéance, et jusqu’à trois jours après : au plus ${formatMoney(ceiling, "fr")} par cotisation, jusqu’au ${endsOn}. J’arrête quand je veux.`;
  const en = `I ask that my contributions to the tontine “${name}” be paid from my wallet on the due day, and up to three days after it: at most ${formatMoney(ceiling, "en")} a contribution, until ${endsOn}. I stop it whenever I want.`;
  return { fr, en, hash: createHash("sha256").update(`${fr}\n${en}`).digest() };
}
