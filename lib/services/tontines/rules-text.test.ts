import { describe, expect, it } from "vitest";
import { defaultParameters } from "./rules";
import { type RulesInput, writeRules } from "./rules-text";

const plain: RulesInput = {
  name: "Sœurs",
  currency: "XOF",
  contributionMinor: 10_000n,
  shareCount: 12,
  sharesPerTurn: 1,
  zone: "Africa/Abidjan",
  calendar: { kind: "weekly", first: "2027-01-04", time: "18:00" },
  parameters: defaultParameters(10_000n),
};
const full: RulesInput = {
  ...plain,
  sharesPerTurn: 2,
  calendar: { kind: "monthly", first: "2027-01-31", dayOfMonth: 31, time: "09:30" },
  parameters: {
    ...plain.parameters,
    partsAllowed: true,
    solidarityCovers: false,
    solidarityMinor: "500",
    entryMinor: "1000",
    depositMinor: "20000",
    retentionOneIn: 0,
  },
};

/** Lines with plain spaces in amounts. */
const linesOf = (text: string) => text.replace(/[\u00a0\u202f]/g, " ").split("\n");

describe("the rules that members sign", () => {
  it("of a group that chose nothing", () => {
    const { fr, en } = writeRules(plain);
    expect(linesOf(fr)).toMatchInlineSnapshot(`
      [
        "Règlement de la tontine « Sœurs ».",
        "12 parts. Chaque part paie 10 000 FCFA par tour, chaque semaine, avant 18:00 (Africa/Abidjan).",
        "À chaque tour, une part reçoit la cagnotte ; l’ordre est fixé avant le début et chaque part reçoit une seule fois.",
        "La cagnotte est remise au titulaire du tour, quand deux membres du bureau l’ont approuvée ; celui qui reçoit n’approuve pas.",
        "Une cotisation se paie en une fois.",
        "Retard : amende de 300 FCFA avant d’avoir reçu, de 1 000 FCFA après ; au plus 5 000 FCFA par part et par cycle.",
        "Une cagnotte incomplète est remise 4 jours après l’échéance ; le reste suit dès qu’il est payé.",
        "Si quelqu’un ne paie pas : son dépôt, puis son garant, puis la caisse de secours (un prêt), puis la cagnotte est incomplète. Il doit ce qui a été payé pour lui.",
        "Qui part avant d’avoir reçu reprend ce qu’il a versé, à la date de son tour, moins une part sur 3 pour la caisse.",
        "Qui doit de l’argent ne peut ni partir, ni échanger son tour, ni reprendre son dépôt.",
        "À la fin, les dépôts sont rendus et la caisse est partagée selon les parts.",
      ]
    `);
    expect(linesOf(en)).toMatchInlineSnapshot(`
      [
        "Rules of the tontine “Sœurs”.",
        "12 shares. Each share pays FCFA 10,000 a turn, every week, before 18:00 (Africa/Abidjan).",
        "In each turn one share collects the pot; the order is fixed before the start and each share collects once.",
        "The pot goes to the holder of the turn once two officers have approved it; whoever collects does not approve.",
        "A contribution is paid at once.",
        "Late: a fine of FCFA 300 before having collected, of FCFA 1,000 after; at most FCFA 5,000 a share and cycle.",
        "A short pot is paid out 4 days after the due date; the rest follows once it is paid.",
        "If somebody does not pay: their deposit, then their guarantor, then the solidarity fund (a loan), then the pot is short. They owe what was paid for them.",
        "Whoever leaves before collecting gets back what they paid, on the date of their turn, less one part in 3 for the box.",
        "Whoever owes money cannot leave, swap turns or take back their deposit.",
        "At the end, deposits are returned and the box is shared out by shares.",
      ]
    `);
  });

  it("of a group that chose everything", () => {
    const { fr, en } = writeRules(full);
    expect(linesOf(fr)).toMatchInlineSnapshot(`
      [
        "Règlement de la tontine « Sœurs ».",
        "12 parts. Chaque part paie 10 000 FCFA par tour, chaque mois, avant 09:30 (Africa/Abidjan).",
        "À chaque tour, 2 parts reçoivent la cagnotte ; l’ordre est fixé avant le début et chaque part reçoit une seule fois.",
        "La cagnotte est remise au titulaire du tour, quand deux membres du bureau l’ont approuvée ; celui qui reçoit n’approuve pas.",
        "Une cotisation peut être payée en plusieurs fois.",
        "Retard : amende de 300 FCFA avant d’avoir reçu, de 1 000 FCFA après ; au plus 5 000 FCFA par part et par cycle.",
        "Une cagnotte incomplète est remise 4 jours après l’échéance ; le reste suit dès qu’il est payé.",
        "Si quelqu’un ne paie pas : son dépôt, puis son garant, puis la cagnotte est incomplète. Il doit ce qui a été payé pour lui.",
        "Dépôt de garantie : 20 000 FCFA par part, rendu à la fin.",
        "Droit d’entrée : 1 000 FCFA par part.",
        "Caisse de secours : 500 FCFA par part et par tour.",
        "Qui part avant d’avoir reçu reprend tout ce qu’il a versé, à la date de son tour.",
        "Qui doit de l’argent ne peut ni partir, ni échanger son tour, ni reprendre son dépôt.",
        "À la fin, les dépôts sont rendus et la caisse est partagée selon les parts.",
      ]
    `);
    expect(linesOf(en)).toMatchInlineSnapshot(`
      [
        "Rules of the tontine “Sœurs”.",
        "12 shares. Each share pays FCFA 10,000 a turn, every month, before 09:30 (Africa/Abidjan).",
        "In each turn 2 shares collect the pot; the order is fixed before the start and each share collects once.",
        "The pot goes to the holder of the turn once two officers have approved it; whoever collects does not approve.",
        "A contribution may be paid in parts.",
        "Late: a fine of FCFA 300 before having collected, of FCFA 1,000 after; at most FCFA 5,000 a share and cycle.",
        "A short pot is paid out 4 days after the due date; the rest follows once it is paid.",
        "If somebody does not pay: their deposit, then their guarantor, then the pot is short. They owe what was paid for them.",
        "Guarantee deposit: FCFA 20,000 a share, returned at the end.",
        "Entry fee: FCFA 1,000 a share.",
        "Solidarity fund: FCFA 500 a share and turn.",
        "Whoever leaves before collecting gets back all they paid, on the date of their turn.",
        "Whoever owes money cannot leave, swap turns or take back their deposit.",
        "At the end, deposits are returned and the box is shared out by shares.",
      ]
    `);
  });

  it.each([
    ["weekly", "chaque semaine", "every week"],
    ["two_weekly", "toutes les deux semaines", "every two weeks"],
    ["dates", "aux dates choisies", "on the dates chosen"],
  ] as const)("say when turns are (%s)", (kind, french, english) => {
    const first = "2027-01-04";
    const calendar =
      kind === "dates" ? { kind, dates: [first], time: "18:00" } : { kind, first, time: "18:00" };
    const { fr, en } = writeRules({ ...plain, calendar });
    expect(linesOf(fr)[1]).toContain(`par tour, ${french}, avant 18:00`);
    expect(linesOf(en)[1]).toContain(`a turn, ${english}, before 18:00`);
  });

  it("have fines of 3 and 10 percent unless the group chose others, at most half a contribution a cycle", () => {
    expect(defaultParameters(10_001n)).toEqual({
      partsAllowed: false,
      fineBeforeMinor: "300",
      fineAfterMinor: "1000",
      fineCapMinor: "5000",
      closesAfterDays: 4,
      solidarityMinor: "0",
      entryMinor: "0",
      depositMinor: "0",
      solidarityCovers: true,
      retentionOneIn: 3,
      extensionDays: 0,
      order: "fixed",
    });
  });
});
