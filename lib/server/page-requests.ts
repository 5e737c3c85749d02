import type { IncomingMessage, ServerResponse } from "node:http";
import { withResponse } from "@/lib/http/response-status";
import { compressAnswer } from "./compress-answer";
import { NextAnswer } from "./next-answer";
import { createPostLimits, type PostLimitOptions } from "./post-limits";
import { type Refusal, refusalOf, sendRefusal } from "./refusal";
import { replayRequest } from "./replay-request";
import { answerUnknownAction } from "./unknown-action";
import { readIncoming } from "./web-bridge";

/** The longest body that a page takes: no form of ours is a tenth of it. next.config.ts says the same to Next. */
export const POST_BYTES_MAX = 64 * 1024;

const WITHOUT_BODY = new Set(["GET", "HEAD"]);

export interface PageRequestOptions extends PostLimitOptions {
  /** Next. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Answers a request that is Next's. */
export type PageRequests = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Hands requests to Next. A body is counted against its session or its address, and read whole, up to {@link POST_BYTES_MAX}, before Next
 * decodes anything of it: decoding runs on the main thread, where everybody else waits meanwhile.
 */
export function createPageRequests({ handle, ...limits }: PageRequestOptions): PageRequests {
  const takePost = createPostLimits(limits);
  return async (request, response) => {
    compressAnswer(request, response);
    if (WITHOUT_BODY.has(request.method ?? "GET")) {
      const answer = new NextAnswer(request, response, null);
      return await withResponse(answer, () => handle(request, response));
    }
    const waitSeconds = await takePost(request);
    if (waitSeconds !== null) return sendRefusal(refusalOf(request, 429, waitSeconds), response);
    const refusal = refuseLength(request);
    if (refusal !== null) return sendRefusal(refusal, response);
    const body = await readIncoming(request, POST_BYTES_MAX).catch(() => undefined);
    if (body === undefined) return sendRefusal(refusalOf(request, 400), response);
    if (body === null) return sendRefusal(refusalOf(request, 413), response);
    const answer = new NextAnswer(request, response, {
      onUnknownAction: () => answerUnknownAction(request, body),
    });
    await withResponse(answer, () => handle(replayRequest(request, body), response));
  };
}

function refuseLength(request: IncomingMessage): Refusal | null {
  const announced = Number(request.headers["content-length"] ?? 0);
  return announced > POST_BYTES_MAX ? refusalOf(request, 413) : null;
}
