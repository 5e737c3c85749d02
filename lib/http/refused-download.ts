import { logRefusal } from "./define-route";
import { type Language, standalonePage } from "./standalone-page";

interface Words {
  title: string;
  text: string;
}

/** What is said instead of a file, by the status of the refusal; every other one is said as `other`. */
type RefusalStatus = 404 | 429 | 503 | "other";

// In this file and not in the message catalogues: files are answered where no page of the app can be rendered.
const WORDS: Record<Language, Record<RefusalStatus, Words> & { back: string }> = {
  fr: {
    back: "Revenir à la page",
    404: {
      title: "Fichier introuvable",
      text: "Ce fichier n’existe pas, n’est plus gardé, ou n’est pas le vôtre.",
    },
    429: {
      title: "Trop de fichiers d’un coup",
      text: "Un fichier est peut-être encore en préparation, ou vous en avez demandé beaucoup. Attendez un peu, puis recommencez.",
    },
    503: {
      title: "Service momentanément indisponible",
      text: "Le fichier n’a pas pu être fait. Votre argent est en sûreté. Réessayez dans un moment.",
    },
    other: {
      title: "Le fichier n’a pas pu être fait",
      text: "Le problème est de notre côté. Réessayez dans un moment.",
    },
  },
  en: {
    back: "Back to the page",
    404: {
      title: "File not found",
      text: "This file does not exist, is no longer kept, or is not yours.",
    },
    429: {
      title: "Too many files at once",
      text: "A file may still be in the making, or you have asked for many. Wait a little, then retry.",
    },
    503: {
      title: "Service unavailable for a moment",
      text: "The file could not be made. Your money is safe. Try again in a moment.",
    },
    other: {
      title: "The file could not be made",
      text: "The problem is on our side. Try again in a moment.",
    },
  },
};

/** Somebody who asked for a file in a browser, and where its link stands. */
export interface Downloader {
  requestId: string;
  /** Names the file in the logs. */
  route: string;
  language: Language;
  /** The path of the page that has the link. */
  page: string;
}

/** A page of ours instead of a file that was refused, with the status and Retry-After of the refusal. */
export function refusedDownload(error: unknown, { requestId, route, language, page }: Downloader): Response {
  const { status, retryAfterSeconds } = logRefusal(error, requestId, route);
  const { back, ...texts } = WORDS[language];
  const words = status === 404 || status === 429 || status === 503 ? texts[status] : texts.other;
  const { headers, body } = standalonePage({ language, ...words, links: [{ path: page, label: back }] });
  const answer = new Response(body, {
    status,
    headers: { ...headers, "cache-control": "private, no-store" },
  });
  answer.headers.set("x-request-id", requestId);
  answer.headers.set("x-content-type-options", "nosniff");
  if (retryAfterSeconds !== undefined) answer.headers.set("retry-after", String(retryAfterSeconds));
  return answer;
}
