import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form of a change has just done. */
const DONE = ["offered", "accepted", "countersigned", "ended", "asked", "moved", "taken"] as const;

export type ChangeDoneWord = (typeof DONE)[number];

interface ChangeDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function ChangeDone({ done }: ChangeDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const t = await getTranslations("tontineChanges.done");
  return (
    <Notice tone="good" live>
      {t(what)}
    </Notice>
  );
}
