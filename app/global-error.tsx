"use client";

import { ServerErrorView } from "@/lib/ui/server-error.client";
import "./globals.css";

/** When the document itself could not be made: it brings its own. */
export default function GlobalErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="fr">
      <body>
        <title>Cauris</title>
        <ServerErrorView digest={error.digest} />
      </body>
    </html>
  );
}
