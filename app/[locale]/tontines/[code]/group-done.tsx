import { getTranslations } from "next-intl/server";
import { Notice } from "@/lib/ui/notice";

/** The values of `?done=`: what a form of the group has just done. */
const DONE = [
  "created",
  "signed",
  "started",
  "paid",
  "advance",
  "repaid",
  "mandate",
  "stopped",
  "resumed",
  "extended",
  "again",
] as const;

export type GroupDoneWord = (typeof DONE)[number];

interface GroupDoneProps {
  /** From `?done=`; unknown values render nothing. */
  done: string | string[] | undefined;
}

export async function GroupDone({ done }: GroupDoneProps) {
  const what = DONE.find((each) => each === done);
  if (!what) return null;
  const [t, form] = await Promise.all([getTranslations("tontines.done"), getTranslations("form")]);
  return (
    <Notice tone="good" live>
      {what === "again" ? form("alreadyReceived") : t(what)}
    </Notice>
  );
}
