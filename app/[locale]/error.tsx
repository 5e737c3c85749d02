"use client";

import { ServerErrorView } from "@/lib/ui/server-error.client";

/** Next asks for this name and for a client component; the view is in the kit. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return <ServerErrorView digest={error.digest} />;
}
