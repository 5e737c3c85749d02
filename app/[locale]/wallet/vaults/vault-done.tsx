import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a vault form has just done. */
const DONE = ["created", "put", "take", "saved", "locked", "closed", "again"] as const;

export type VaultDone = (typeof DONE)[number];

interface DoneNoticeProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function DoneNotice({ done }: DoneNoticeProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const [t, form] = await Promise.all([getTranslations("vaults.done"), getTranslations("form")]);
  return (
    <Notice tone="good" live>
      {what === "again" ? form("alreadyReceived") : t(what)}
    </Notice>
  );
}
