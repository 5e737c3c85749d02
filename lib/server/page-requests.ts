import type { IncomingMessage, ServerResponse } from "node:http";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressFromHeaders, CLIENT_ADDRESS_HEADER } from "@/lib/http/client-address";
import { withResponse } from "@/lib/http/response-status";
import { compressAnswer } from "./compress-answer";
import { NextAnswer } from "./next-answer";
import { type Refusal, refusalOf, sendRefusal } from "./refusal";
import { replayRequest } from "./replay-request";
import { answerUnknownAction } from "./unknown-action";
import { readIncoming } from "./web-bridge";

/** The longest body that a page takes: no form of ours is a tenth of it. next.config.ts says the same to Next. */
export const POST_BYTES_MAX = 64 * 1024;

const MINUTE_SECONDS = 60;
const WITHOUT_BODY = new Set(["GET", "HEAD"]);

export interface PageRequestOptions {
  /** Next. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** How many posts a minute one address may make. */
  postsPerMinute: number;
}

/** Answers a request that is Next's. */
export type PageRequests = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Hands requests to Next. A body is counted against its address and read whole, up to {@link POST_BYTES_MAX}, before Next
 * decodes anything of it: decoding runs on the main thread, where everybody else waits meanwhile.
 */
export function createPageRequests({ handle, postsPerMinute }: PageRequestOptions): PageRequests {
  const limiter = new RateLimiterMemory({ points: postsPerMinute, duration: MINUTE_SECONDS });
  return async (request, response) => {
    compressAnswer(request, response);
    if (WITHOUT_BODY.has(request.method ?? "GET")) {
      const answer = new NextAnswer(request, response, null);
      return await withResponse(answer, () => handle(request, response));
    }
    const refusal = (await takePoint(limiter, request)) ?? refuseLength(request);
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

async function takePoint(limiter: RateLimiterMemory, request: IncomingMessage): Promise<Refusal | null> {
  const headers = new Headers({
    [CLIENT_ADDRESS_HEADER]: String(request.headers[CLIENT_ADDRESS_HEADER] ?? ""),
  });
  try {
    await limiter.consume(addressFromHeaders(headers));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return refusalOf(request, 429, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}

function refuseLength(request: IncomingMessage): Refusal | null {
  const announced = Number(request.headers["content-length"] ?? 0);
  return announced > POST_BYTES_MAX ? refusalOf(request, 413) : null;
}
