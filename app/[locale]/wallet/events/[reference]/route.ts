import { errorResponse } from "@/lib/http/define-route";
import { statusEvents } from "@/lib/http/status-events";
import { takeStreamPlace } from "@/lib/http/stream-places";
import { currentAddress, currentContext } from "@/lib/next/current-context";
import { requireUser } from "@/lib/services/context";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";
import { progressOf } from "@/lib/services/operations/view";

/** Server-sent events of one of the signed-in person's operations: one `status` event once it differs from `?since=`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ reference: string }> },
): Promise<Response> {
  const context = await currentContext();
  const { reference } = await params;
  const readStatus = async () => progressOf(await getOperation(context, reference));
  let leave: (() => void) | null = null;
  try {
    const operation = await getOperation(context, reference);
    leave = takeStreamPlace(requireUser(context), await currentAddress());
    await requestDepositCheck(context, operation);
  } catch (error) {
    leave?.();
    return errorResponse(error, context.requestId, "operation-events");
  }
  const since = new URL(request.url).searchParams.get("since") ?? "";
  return statusEvents({ since, readStatus, signal: request.signal, onEnd: leave });
}
