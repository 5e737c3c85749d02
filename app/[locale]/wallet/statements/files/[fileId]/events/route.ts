import { errorResponse } from "@/lib/http/define-route";
import { statusEvents } from "@/lib/http/status-events";
import { takeStreamPlace } from "@/lib/http/stream-places";
import { currentAddress, currentContext } from "@/lib/next/current-context";
import { requireUser } from "@/lib/services/context";
import { getStatementFile } from "@/lib/services/statements/files/get-file";
import { progressOfFile } from "@/lib/services/statements/files/view";

/** Server-sent events of a file that the worker makes: one `status` event once its progress differs from `?since=`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ fileId: string }> },
): Promise<Response> {
  const context = await currentContext();
  const { fileId } = await params;
  const readStatus = async () =>
    progressOfFile(await getStatementFile({ ...context, now: new Date() }, fileId));
  let leave: (() => void) | null = null;
  try {
    await getStatementFile(context, fileId);
    leave = takeStreamPlace(requireUser(context), await currentAddress());
  } catch (error) {
    return errorResponse(error, context.requestId, "statement-file-events");
  }
  const since = new URL(request.url).searchParams.get("since") ?? "";
  return statusEvents({ since, readStatus, signal: request.signal, onEnd: leave });
}
