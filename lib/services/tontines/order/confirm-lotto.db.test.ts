import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN, type TestUser } from "@/e2e/support/people";
import { drawOf, groupToDraw, resultOf } from "@/e2e/support/tontine-draws";
import { at } from "@/e2e/support/tontines";
import { addDays, dayOf } from "@/lib/day-range";
import { confirmLottoNumbers, refuseLottoNumbers, typeLottoNumbers } from "./confirm-lotto";
import { drawOrder } from "./draw-sheet";
import { freezeDraw } from "./freeze-draw";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase();
const pin = TEST_PIN;
const DAY_MS = 24 * 60 * 60_000;
const later = (time: Date, days: number) => new Date(time.getTime() + days * DAY_MS);

describe("a draw by the numbers of a lotto", () => {
  async function frozen() {
    const group = await groupToDraw(db);
    const day = addDays(dayOf(group.chair.context.now, "Africa/Abidjan"), 1);
    const draw = { code: group.code, source: "lotto" as const, lotto: "LONACI Etoile", lottoDay: day, pin };
    await freezeDraw(group.chair.context, draw);
    return { ...group, day, now: new Date(`${day}T19:00:00Z`) };
  }

  it("is typed by one officer and confirmed by another", async () => {
    const { code, id, day, now, chair, second, treasurer, secretary } = await frozen();
    expect((await drawOf(db, id)).sheet).toBe(`tirage/1|${code}|1|4|lotto:LONACI Etoile:${day}|1:|2:|3:|4:`);
    const typed = { code, numbers: "88 3 42 17 60", day, pin };
    const early = typeLottoNumbers(treasurer.context, typed);
    await expect(early).rejects.toMatchObject({ code: "validation_failed" });
    const byMember = typeLottoNumbers(at(second.context, now), typed);
    await expect(byMember).rejects.toMatchObject({ code: "tontine_role_missing" });
    await typeLottoNumbers(at(treasurer.context, now), typed);
    const confirm = (user: TestUser, numbers = "3-17-42-60-88") =>
      confirmLottoNumbers(at(user.context, now), { code, numbers, pin });
    await expect(confirm(treasurer)).rejects.toMatchObject({ code: "tontine_role_missing" });
    await expect(confirm(second)).rejects.toMatchObject({ code: "tontine_role_missing" });
    await expect(confirm(secretary, "3-17-42-60-89")).rejects.toMatchObject({ code: "approval_stale" });
    await confirm(secretary);
    await confirm(secretary);
    const { sheet } = await drawOf(db, id);
    const { order } = drawOrder(sheet, "3-17-42-60-88", 4);
    expect(await resultOf(db, id)).toMatchObject({
      randomness: "3-17-42-60-88",
      share_order: order.join(" "),
    });
    await expect(confirm(chair)).rejects.toMatchObject({ code: "tontine_not_now" });
  });

  it("is typed again after another officer refused it, from the sheet's day on", async () => {
    const { code, id, day, now, chair, treasurer, secretary } = await frozen();
    const type = (user: TestUser, numbers: string, from = day) =>
      typeLottoNumbers(at(user.context, later(now, 2)), { code, numbers, day: from, pin });
    await expect(type(treasurer, "1 2 3 4 5", addDays(day, -1))).rejects.toMatchObject({
      code: "validation_failed",
    });
    await type(treasurer, "1 2 3 4 5");
    await expect(type(chair, "1 2 3 4 6")).rejects.toMatchObject({ code: "tontine_not_now" });
    await expect(refuseLottoNumbers(at(treasurer.context, now), { code })).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    await refuseLottoNumbers(at(secretary.context, now), { code });
    await type(chair, "1 2 3 4 6", addDays(day, 1));
    const confirmed = { code, numbers: "1-2-3-4-6", pin };
    await confirmLottoNumbers(at(treasurer.context, later(now, 3)), confirmed);
    expect(await resultOf(db, id)).toMatchObject({ randomness: "1-2-3-4-6" });
  });

  it("names a lotto in ASCII and a day that is to come", async () => {
    const { code, chair } = await groupToDraw(db);
    const today = dayOf(chair.context.now, "Africa/Abidjan");
    for (const [lotto, lottoDay] of [
      ["", addDays(today, 1)],
      ["Loto|Bonheur", addDays(today, 1)],
      ["Étoile", addDays(today, 1)],
      ["LONACI", today],
      ["LONACI", addDays(today, 60)],
      ["LONACI", "demain"],
    ] as const) {
      const attempt = freezeDraw(chair.context, { code, source: "lotto", lotto, lottoDay, pin });
      await expect(attempt).rejects.toMatchObject({ code: "validation_failed" });
    }
  });
});
