"use client";

import { ServerErrorView } from "@/lib/ui/server-error.client";

/** Next requires this file name and a client component. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return <ServerErrorView digest={error.digest} />;
}
