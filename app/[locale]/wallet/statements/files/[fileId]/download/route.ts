import { errorResponse } from "@/lib/http/define-route";
import { fileResponse } from "@/lib/http/file-response";
import { runVerb } from "@/lib/http/request-context";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/routing";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { downloadFile } from "@/lib/services/statements/files/download-file";

/** A file that the worker has made for the signed-in person; 404 for one that isn't ready, and for somebody else's. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ locale: string; fileId: string }> },
): Promise<Response> {
  const { locale, fileId } = await params;
  await requireUserOrRedirect(isLocale(locale) ? locale : DEFAULT_LOCALE);
  const context = await currentContext();
  try {
    const file = await runVerb(context, { isRead: true }, () => downloadFile(context, fileId));
    const { body, contentType: type, fileName: name, byteCount } = file;
    return fileResponse(body, { type, name, byteCount });
  } catch (error) {
    return errorResponse(error, context.requestId, "statement-file");
  }
}
