import { unstable_rethrow } from "next/navigation";
import { type DownloadedFile, fileResponse } from "@/lib/http/file-response";
import { refusedDownload } from "@/lib/http/refused-download";
import { requestIdOf, runVerb } from "@/lib/http/request-context";
import { localizedPath } from "@/lib/i18n/href";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/routing";
import type { Context } from "@/lib/services/context";
import { currentContext } from "./current-context";
import { requireUserOrRedirect } from "./session";

export interface DownloadRequest<Params> {
  request: Request;
  params: Params;
  locale: Locale;
  context: Context;
  userId: bigint;
}

/** What is downloaded, whole or while it is made. */
export interface Download extends DownloadedFile {
  body: ReadableStream<Uint8Array> | string;
}

interface DownloadDefinition<Params> {
  /** Names the file in the logs. */
  name: string;
  /** The page that has its link, without language. */
  page: (params: Params) => string;
  /** It writes nothing, so that an outage is never an unknown outcome. */
  isRead?: boolean;
}

/**
 * A route that answers a signed-in person's file: what `make` returns, to be saved and kept by no cache. What it throws is answered with a
 * page of ours, in the language of the address; a redirect passes.
 */
export function defineDownload<Params extends object>(
  { name, page, isRead = true }: DownloadDefinition<Params>,
  make: (request: DownloadRequest<Params>) => Promise<Download>,
) {
  return async (
    request: Request,
    { params: given }: { params: Promise<Params & { locale: string }> },
  ): Promise<Response> => {
    const params = await given;
    const locale = isLocale(params.locale) ? params.locale : DEFAULT_LOCALE;
    try {
      const { userId } = await requireUserOrRedirect(locale);
      const context = await currentContext();
      const { body, ...file } = await runVerb(context, { isRead }, () =>
        make({ request, params, locale, context, userId }),
      );
      return fileResponse(body, file);
    } catch (error) {
      unstable_rethrow(error);
      return refusedDownload(error, {
        requestId: requestIdOf(request.headers),
        route: name,
        language: locale,
        page: localizedPath(locale, page(params)),
      });
    }
  };
}
