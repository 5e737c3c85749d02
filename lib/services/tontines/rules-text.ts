import type { Currency } from "@/lib/money/currency";
import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import type { Calendar } from "./calendar";
import type { Parameters } from "./rules";

export interface RulesInput {
  name: string;
  currency: Currency;
  contributionMinor: bigint;
  shareCount: number;
  sharesPerTurn: number;
  zone: string;
  calendar: Calendar;
  parameters: Parameters;
}

/** The rules as members read and sign them, a sentence a line: the same in both languages. */
export function writeRules(rules: RulesInput): { fr: string; en: string } {
  return { fr: french(rules).join("\n"), en: english(rules).join("\n") };
}

const amountIn =
  (locale: "fr" | "en", { currency }: RulesInput) =>
  (minor: bigint | string) =>
    formatMoney(money(BigInt(minor), currency), locale);

function french(rules: RulesInput): string[] {
  const { parameters: p, calendar, shareCount, sharesPerTurn } = rules;
  const amount = amountIn("fr", rules);
  const when = {
    weekly: "chaque semaine",
    two_weekly: "toutes les deux semaines",
    monthly: "chaque mois",
    dates: "aux dates choisies",
  }[calendar.kind];
  const order = {
    fixed: "l’ordre est fixé avant le début",
    draw: "l’ordre est tiré au sort avant le début, d’un tirage que chacun peut vérifier,",
  }[p.order];
  return [
    `Règlement de la tontine « ${rules.name} ».`,
    `${shareCount} parts. Chaque part paie ${amount(rules.contributionMinor)} par tour, ${when}, avant ${calendar.time} (${rules.zone}).`,
    `À chaque tour, ${sharesPerTurn === 1 ? "une part reçoit" : `${sharesPerTurn} parts reçoivent`} la cagnotte ; ${order} et chaque part reçoit une seule fois.`,
    `La cagnotte est remise au titulaire du tour, quand deux membres du bureau l’ont approuvée ; celui qui reçoit n’approuve pas.`,
    `${p.partsAllowed ? "Une cotisation peut être payée en plusieurs fois." : "Une cotisation se paie en une fois."}`,
    `Retard : amende de ${amount(p.fineBeforeMinor)} avant d’avoir reçu, de ${amount(p.fineAfterMinor)} après ; au plus ${amount(p.fineCapMinor)} par part et par cycle.`,
    ...(p.extensionDays === 0
      ? []
      : [
          `Une fois par cycle, chaque part peut repousser une cotisation de ${p.extensionDays} jour${p.extensionDays === 1 ? "" : "s"}, sans amende.`,
        ]),
    `Une cagnotte incomplète est remise ${p.closesAfterDays} jours après l’échéance ; le reste suit dès qu’il est payé.`,
    `Si quelqu’un ne paie pas : son dépôt, puis son garant${p.solidarityCovers ? ", puis la caisse de secours (un prêt)" : ""}, puis la cagnotte est incomplète. Il doit ce qui a été payé pour lui.`,
    ...(p.depositMinor === "0"
      ? []
      : [`Dépôt de garantie : ${amount(p.depositMinor)} par part, rendu à la fin.`]),
    ...(p.entryMinor === "0" ? [] : [`Droit d’entrée : ${amount(p.entryMinor)} par part.`]),
    ...(p.solidarityMinor === "0"
      ? []
      : [`Caisse de secours : ${amount(p.solidarityMinor)} par part et par tour.`]),
    p.retentionOneIn === 0
      ? "Qui part avant d’avoir reçu reprend tout ce qu’il a versé, à la date de son tour."
      : `Qui part avant d’avoir reçu reprend ce qu’il a versé, à la date de son tour, moins une part sur ${p.retentionOneIn} pour la caisse.`,
    "Qui doit de l’argent ne peut ni partir, ni échanger son tour, ni reprendre son dépôt.",
    "À la fin, les dépôts sont rendus et la caisse est partagée selon les parts.",
  ];
}

function english(rules: RulesInput): string[] {
  const { parameters: p, calendar, shareCount, sharesPerTurn } = rules;
  const amount = amountIn("en", rules);
  const when = {
    weekly: "every week",
    two_weekly: "every two weeks",
    monthly: "every month",
    dates: "on the dates chosen",
  }[calendar.kind];
  const order = {
    fixed: "the order is fixed before the start",
    draw: "the order is drawn by lot before the start, by a draw that anybody can check,",
  }[p.order];
  return [
    `Rules of the tontine “${rules.name}”.`,
    `${shareCount} shares. Each share pays ${amount(rules.contributionMinor)} a turn, ${when}, before ${calendar.time} (${rules.zone}).`,
    `In each turn ${sharesPerTurn === 1 ? "one share collects" : `${sharesPerTurn} shares collect`} the pot; ${order} and each share collects once.`,
    "The pot goes to the holder of the turn once two officers have approved it; whoever collects does not approve.",
    `${p.partsAllowed ? "A contribution may be paid in parts." : "A contribution is paid at once."}`,
    `Late: a fine of ${amount(p.fineBeforeMinor)} before having collected, of ${amount(p.fineAfterMinor)} after; at most ${amount(p.fineCapMinor)} a share and cycle.`,
    ...(p.extensionDays === 0
      ? []
      : [
          `Once a cycle each share may put off a contribution by ${p.extensionDays} day${p.extensionDays === 1 ? "" : "s"}, without a fine.`,
        ]),
    `A short pot is paid out ${p.closesAfterDays} days after the due date; the rest follows once it is paid.`,
    `If somebody does not pay: their deposit, then their guarantor${p.solidarityCovers ? ", then the solidarity fund (a loan)" : ""}, then the pot is short. They owe what was paid for them.`,
    ...(p.depositMinor === "0"
      ? []
      : [`Guarantee deposit: ${amount(p.depositMinor)} a share, returned at the end.`]),
    ...(p.entryMinor === "0" ? [] : [`Entry fee: ${amount(p.entryMinor)} a share.`]),
    ...(p.solidarityMinor === "0" ? [] : [`Solidarity fund: ${amount(p.solidarityMinor)} a share and turn.`]),
    p.retentionOneIn === 0
      ? "Whoever leaves before collecting gets back all they paid, on the date of their turn."
      : `Whoever leaves before collecting gets back what they paid, on the date of their turn, less one part in ${p.retentionOneIn} for the box.`,
    "Whoever owes money cannot leave, swap turns or take back their deposit.",
    "At the end, deposits are returned and the box is shared out by shares.",
  ];
}
