import { getTranslations } from "next-intl/server";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Notice } from "@/lib/ui/notice";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { signOut } from "./actions";

/** For people without a password, who have to sign in again first; `text` says why. */
export async function SignInAgain({ text }: { text: string }) {
  const [settings, form] = await Promise.all([getTranslations("settings"), getTranslations("form")]);
  return (
    <>
      <Notice>{text}</Notice>
      <ActionForm name="sign-out" action={signOut}>
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          {settings("signOut")}
        </SubmitButton>
      </ActionForm>
    </>
  );
}
