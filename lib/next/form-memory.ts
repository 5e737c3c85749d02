import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { currentUser } from "@/lib/auth/current-user";
import {
  draftCookie,
  draftCookieName,
  forgottenDraftCookie,
  openDraft,
  ownerTag,
  pageAddress,
} from "@/lib/http/form-draft";
import { addResponseHeader } from "@/lib/http/response-status";
import { currentPath } from "@/lib/i18n/current-path";
import type { FormMemory } from "./run-action";

/** Where this browser keeps what was typed on this page. */
export async function currentFormMemory(): Promise<FormMemory> {
  const [jar, path] = await Promise.all([cookies(), currentPath()]);
  const address = pageAddress(path);
  return {
    keep(form) {
      const cookie = draftCookie({ ...form, path: address });
      if (cookie !== null && Object.keys(form.values).length > 0) addResponseHeader("set-cookie", cookie);
    },
    forget(form) {
      const draft = openDraft(jar.get(draftCookieName())?.value);
      if (draft?.form !== form || draft.path !== address) return;
      addResponseHeader("set-cookie", forgottenDraftCookie());
    },
  };
}

/** Whose forms this page has, and what the same person typed into one of them before it could be run. */
export async function keptForm() {
  const [jar, path, user] = await Promise.all([cookies(), currentPath(), currentUser().catch(() => null)]);
  const owner = ownerTag(user?.userId ?? null);
  const draft = openDraft(jar.get(draftCookieName())?.value);
  if (draft === null || draft.owner !== owner || draft.path !== pageAddress(path))
    return { owner, kept: null };
  const t = await getTranslations("form.kept");
  return {
    owner,
    kept: { form: draft.form, message: t(owner === "" ? "blank" : draft.reason), values: draft.values },
  };
}
