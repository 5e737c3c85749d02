import { errorResponse } from "@/lib/http/define-route";
import { statusEvents } from "@/lib/http/status-events";
import { currentContext } from "@/lib/next/current-context";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { getOperation } from "@/lib/services/operations/get-operation";

/** Server-sent events of one of the signed-in person's operations: one `status` event once it differs from `?since=`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ reference: string }> },
): Promise<Response> {
  const context = await currentContext();
  const { reference } = await params;
  const readStatus = async () => (await getOperation(context, reference)).status;
  try {
    await requestDepositCheck(context, await getOperation(context, reference));
  } catch (error) {
    return errorResponse(error, context.requestId, "operation-events");
  }
  const since = new URL(request.url).searchParams.get("since") ?? "";
  return statusEvents({ since, readStatus, signal: request.signal });
}
