import { getTranslations } from "next-intl/server";
import { addDays, dayOf } from "@/lib/day-range";
import { currentContext } from "@/lib/next/current-context";
import type { DrawView } from "@/lib/services/tontines/views/get-draw";
import { ActionForm } from "@/lib/ui/action-form.client";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import type { FormField } from "@/lib/ui/typed-field";
import { PinEntry, PinGate } from "../../../wallet/pin-confirmation";
import { formWords } from "../../../wallet/vaults/field-words";
import {
  addNumber,
  chooseOrder,
  confirmLotto,
  freezeForLotto,
  freezeSheet,
  refuseLotto,
  typeLotto,
} from "../../draw-actions";

interface DrawProps {
  draw: DrawView;
}

const pathOf = ({ code }: DrawView) => `/tontines/${code}/draw`;

async function pinField(): Promise<FormField> {
  const t = await getTranslations("pin");
  return { name: "pin", label: t("label"), hint: t("hint"), kind: "pin" };
}

/** The viewer's own number, until the sheet is frozen. */
export async function NumberForm({ draw }: DrawProps) {
  if (!draw.may.add) return null;
  const t = await getTranslations("tontineDraw.number");
  const number = { name: "number", label: t("label"), hint: t("hint"), digits: true, maxLength: 9 };
  return (
    <Section heading={t("heading")}>
      <div className="mt-3">
        <FieldsForm
          id="number"
          name="add-draw-number"
          action={addNumber}
          hidden={{ code: draw.code }}
          fields={[{ ...number, value: draw.myNumber ?? "" }]}
          variant="secondary"
          words={await formWords(t("submit"))}
        />
      </div>
    </Section>
  );
}

const LOTTO_DAYS_MAX = 31;

/** The chair freezes the sheet: for the beacon, or where there is no internet for a lotto. */
export async function FreezeForms({ draw }: DrawProps) {
  if (!draw.may.freeze) return null;
  const t = await getTranslations("tontineDraw.freeze");
  const today = dayOf((await currentContext()).now, draw.zone);
  const dayBetween = { first: addDays(today, 1), last: addDays(today, LOTTO_DAYS_MAX) };
  return (
    <Section heading={t("heading")}>
      <p className="mt-1 mb-4 text-muted">{t("text")}</p>
      <PinEntry
        name="freeze-draw"
        action={freezeSheet}
        hidden={{ code: draw.code }}
        path={pathOf(draw)}
        submit={t("submit")}
      />
      <PinGate path={pathOf(draw)}>
        <FieldsForm
          id="lotto"
          name="freeze-draw-lotto"
          action={freezeForLotto}
          hidden={{ code: draw.code }}
          summary={t("byLotto")}
          fields={[
            { name: "lotto", label: t("lotto"), hint: t("lottoHint"), maxLength: 40 },
            {
              name: "lottoDay",
              label: t("lottoDay"),
              hint: t("lottoDayHint"),
              dayBetween,
              value: dayBetween.first,
            },
            await pinField(),
          ]}
          variant="secondary"
          words={await formWords(t("submitLotto"))}
        />
      </PinGate>
    </Section>
  );
}

/** The numbers of a lotto: one officer types them, another one confirms. */
export async function LottoForms({ draw, sheet }: DrawProps & { sheet: NonNullable<DrawView["sheet"]> }) {
  const t = await getTranslations("tontineDraw.lotto");
  const { typed, may } = draw;
  return (
    <>
      {typed && (
        <Notice tone="waiting" title={typed.numbers.replaceAll("-", " · ")}>
          {t(typed.isMine ? "typedByMe" : "typedBy", { name: typed.by, day: typed.day })}
        </Notice>
      )}
      {typed && may.confirm && (
        <Section heading={t("confirmHeading")}>
          <p className="mt-1 mb-4 text-muted">{t("confirmText", { lotto: sheet.lotto?.name ?? "" })}</p>
          <PinEntry
            name="confirm-lotto"
            action={confirmLotto}
            hidden={{ code: draw.code, numbers: typed.numbers }}
            path={pathOf(draw)}
            submit={t("confirm")}
          />
          <RefuseForm draw={draw} />
        </Section>
      )}
      {may.type && sheet.lotto && <TypeForm draw={draw} firstDay={sheet.lotto.day} />}
    </>
  );
}

async function RefuseForm({ draw }: DrawProps) {
  const [t, form] = await Promise.all([getTranslations("tontineDraw.lotto"), getTranslations("form")]);
  return (
    <div className="mt-2.5">
      <ActionForm name="refuse-lotto" action={refuseLotto} hidden={{ code: draw.code }}>
        <SubmitButton wide variant="secondary" pendingLabel={form("pending")}>
          {t("refuse")}
        </SubmitButton>
      </ActionForm>
    </div>
  );
}

async function TypeForm({ draw, firstDay }: DrawProps & { firstDay: string }) {
  const t = await getTranslations("tontineDraw.lotto");
  const today = dayOf((await currentContext()).now, draw.zone);
  const day = { first: firstDay, last: today };
  return (
    <Section heading={t("typeHeading")}>
      <div className="mt-3">
        <PinGate path={pathOf(draw)}>
          <FieldsForm
            id="lotto"
            name="type-lotto"
            action={typeLotto}
            hidden={{ code: draw.code }}
            fields={[
              { name: "numbers", label: t("numbers"), hint: t("numbersHint"), maxLength: 40 },
              { name: "day", label: t("day"), hint: t("dayHint"), dayBetween: day, value: firstDay },
              await pinField(),
            ]}
            words={await formWords(t("type"))}
          />
        </PinGate>
      </div>
    </Section>
  );
}

/** Before the freeze the chair may choose how the order is found. */
export async function ChooseOrder({ draw }: DrawProps) {
  const [t, form] = await Promise.all([getTranslations("tontineDraw.choose"), getTranslations("form")]);
  const other = draw.method === "draw" ? "fixed" : "draw";
  return (
    <Section heading={t("heading")}>
      <p className="mt-1 mb-3 text-muted">{t("text")}</p>
      <ActionForm name="choose-order" action={chooseOrder} hidden={{ code: draw.code, order: other }}>
        <SubmitButton wide variant="secondary" pendingLabel={form("pending")}>
          {t(other)}
        </SubmitButton>
      </ActionForm>
    </Section>
  );
}
