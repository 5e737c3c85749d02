import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form of the draw has just done. */
const DONE = ["chosen", "added", "frozen", "typed", "drawn", "refused"] as const;

export type DrawDoneWord = (typeof DONE)[number];

interface DrawDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function DrawDone({ done }: DrawDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const t = await getTranslations("tontineDraw.done");
  return (
    <Notice tone="good" live>
      {t(what)}
    </Notice>
  );
}
