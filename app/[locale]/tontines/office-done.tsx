import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form of an officer has just done. */
const DONE = [
  "approved",
  "paid",
  "refused",
  "confirmed",
  "proposed",
  "declined",
  "roles",
  "signed",
  "closed",
] as const;

export type OfficeDoneWord = (typeof DONE)[number];

interface OfficeDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function OfficeDone({ done }: OfficeDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const t = await getTranslations("tontineBooks.done");
  return (
    <Notice tone="good" live>
      {t(what)}
    </Notice>
  );
}
