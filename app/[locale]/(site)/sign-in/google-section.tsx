import { getTranslations } from "next-intl/server";
import { isGoogleEnabled } from "@/lib/next/session";
import { ActionForm } from "@/lib/ui/action-form.client";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { signInWithGoogle } from "./actions";

/** Sign-in with Google, below the form; nothing where Google isn't configured. */
export async function GoogleSection({ next }: { next: string | null }) {
  if (!isGoogleEnabled()) return null;
  const [t, form] = await Promise.all([getTranslations("signIn"), getTranslations("form")]);
  return (
    <>
      <p className="my-4 flex items-center gap-3 text-sm text-muted before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
        {t("or")}
      </p>
      <ActionForm name="sign-in-with-google" action={signInWithGoogle}>
        {next !== null && <input type="hidden" name="next" value={next} />}
        <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
          <GoogleMark />
          {t("google")}
        </SubmitButton>
      </ActionForm>
    </>
  );
}

/** The G in its four colours, as Google's branding guidelines for sign-in require. */
function GoogleMark() {
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true" className="size-5 shrink-0">
      <path
        fill="#ea4335"
        d="M24 9.5c3.5 0 6.7 1.2 9.2 3.6l6.9-6.9A23.9 23.9 0 0 0 2.6 13.2l8 6.2C12.4 13.7 17.7 9.5 24 9.5z"
      />
      <path
        fill="#4285f4"
        d="M47 24.6c0-1.6-.2-3.1-.4-4.6H24v9h12.9a11 11 0 0 1-4.8 7.2l7.7 6C44.4 38 47 31.8 47 24.6z"
      />
      <path fill="#fbbc05" d="M10.5 28.6a14.5 14.5 0 0 1 0-9.2l-8-6.2a24 24 0 0 0 0 21.6l8-6.2z" />
      <path
        fill="#34a853"
        d="M24 48c6.5 0 11.9-2.1 15.9-5.8l-7.7-6c-2.2 1.5-4.9 2.3-8.2 2.3-6.3 0-11.6-4.2-13.5-9.9l-8 6.2A24 24 0 0 0 24 48z"
      />
    </svg>
  );
}
