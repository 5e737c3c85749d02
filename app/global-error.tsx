"use client";

import { ServerErrorView } from "@/lib/ui/server-error.client";
import "./globals.css";

/** Replaces the whole document when the root layout failed. */
export default function GlobalErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="fr">
      <body>
        <title>Cauris</title>
        <ServerErrorView digest={error.digest} isWithoutFoot />
      </body>
    </html>
  );
}
