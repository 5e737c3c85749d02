import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form about a dispute has just done. */
const DONE = ["opened", "answered", "ruled", "settled", "withdrawn"] as const;

export type DisputeDoneWord = (typeof DONE)[number];

interface DisputeDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function DisputeDone({ done }: DisputeDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const t = await getTranslations("tontineDisputes.done");
  return (
    <Notice tone="good" live>
      {t(what)}
    </Notice>
  );
}
