import { describe, expect, it } from "vitest";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { refusedDownload } from "./refused-download";

const asked = { requestId: "request-1", route: "file", language: "fr", page: "/wallet/statements" } as const;

describe("a file that is refused to a browser", () => {
  it.each([
    ["not_found", 404, "Fichier introuvable"],
    ["rate_limited", 429, "Trop de fichiers d’un coup"],
    ["unavailable", 503, "Service momentanément indisponible"],
    ["tontine_role_missing", 403, "Le fichier n’a pas pu être fait"],
    ["internal", 500, "Le fichier n’a pas pu être fait"],
  ] as const)("is answered %s with a page of ours, kept by no cache", async (code, status, title) => {
    const answer = refusedDownload(new DomainError(code satisfies ErrorCode), asked);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": "request-1",
    });
    expect(answer.headers.has("content-disposition")).toBe(false);
    const page = await answer.text();
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(page).toContain('<html lang="fr">');
    expect(page).toContain('href="/wallet/statements">Revenir à la page</a>');
  });

  it("says when to come back, and nothing of an error that nobody expected", async () => {
    const limited = new DomainError("rate_limited", { retryAfterSeconds: 7 });
    expect(refusedDownload(limited, asked).headers.get("retry-after")).toBe("7");
    const answer = refusedDownload(new Error("a secret"), { ...asked, language: "en", page: '/x"><b>' });
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).not.toContain("secret");
    expect(page).not.toContain("<b>");
    expect(page).toContain("Back to the page");
  });
});
