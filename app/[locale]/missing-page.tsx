import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { setResponseStatus } from "@/lib/next/page-status";
import { NotFoundView } from "./not-found-view";

/**
 * What a page returns when there is nothing at its address: the 404 page with its status, made on the server.
 * `notFound()` sends an empty body that only JavaScript fills in (vercel/next.js#62228); it is the fallback.
 */
export function missingPage(): ReactNode {
  if (!setResponseStatus(404)) notFound();
  return <NotFoundView />;
}
