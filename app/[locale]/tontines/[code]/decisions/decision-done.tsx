import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form about a decision has just done. */
const DONE = ["opened", "voted", "withdrawn", "again"] as const;

export type DecisionDoneWord = (typeof DONE)[number];

interface DecisionDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function DecisionDone({ done }: DecisionDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const [t, form] = await Promise.all([getTranslations("tontineDecisions.done"), getTranslations("form")]);
  return (
    <Notice tone="good" live>
      {what === "again" ? form("alreadyReceived") : t(what)}
    </Notice>
  );
}
