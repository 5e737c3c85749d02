import { getTranslations } from "next-intl/server";
import { TONTINE_ROLES } from "@/lib/services/tontines/kinds";
import type { ListedMember, MemberList } from "@/lib/services/tontines/views/list-members";
import { Disclosure } from "@/lib/ui/disclosure";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { giveRoles, signForMember } from "../../office-actions";
import { RolesForm } from "./roles-form.client";

/** What officers may do for a member before the start: give offices, sign for somebody without an account. */
export async function MemberForms({ member, list }: { member: ListedMember; list: MemberList }) {
  const [t, form] = await Promise.all([getTranslations("tontineBooks.members"), getTranslations("form")]);
  const mayGive = list.isChair && member.hasAccount && ["draft", "inviting", "agreed"].includes(list.state);
  const maySign = list.isOfficer && list.isOpen && !member.hasAccount && member.signedAt === null;
  return (
    <>
      {mayGive && (
        <Disclosure summary={t("giveRoles")}>
          <RolesForm
            action={giveRoles}
            hidden={{ code: list.code, memberId: member.id }}
            legend={t("offices")}
            note={t("officesNote")}
            roles={TONTINE_ROLES.map((name) => ({
              name,
              label: t(`roles.${name}`),
              checked: member.roles.includes(name),
            }))}
            submit={t("saveRoles")}
            pending={form("pending")}
          />
        </Disclosure>
      )}
      {maySign && (
        <Disclosure summary={t("signFor")}>
          <p className="mb-3">{t("signForText")}</p>
          <PinEntry
            name="sign-for-member"
            action={signForMember}
            hidden={{ code: list.code, memberId: member.id, hash: list.rulesHash }}
            path={`/tontines/${list.code}/members`}
            submit={t("signForSubmit")}
          />
        </Disclosure>
      )}
    </>
  );
}
