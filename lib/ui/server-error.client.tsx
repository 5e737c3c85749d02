"use client";

import { useSyncExternalStore } from "react";

/** Both languages are in the bundle: an error page can't load messages from the server. */
const WORDS = {
  fr: {
    title: "Un problème de notre côté",
    text: "La page n’a pas pu s’afficher. Regardez l’historique avant de refaire une opération.",
    away: {
      title: "Service momentanément indisponible",
      text: "Votre argent est en sûreté. Réessayez dans un moment.",
    },
    retry: "Réessayer",
    history: "Voir l’historique",
    historyPath: "/wallet/transactions",
    help: "Aide et contact",
    helpPath: "/help",
    code: "Code à nous donner\u00a0:",
    pages: [
      ["/fees", "Frais"],
      ["/terms", "Conditions"],
      ["/privacy", "Vie privée"],
    ],
  },
  en: {
    title: "A problem on our side",
    text: "The page could not be shown. Look at the history before repeating an operation.",
    away: {
      title: "Service unavailable for a moment",
      text: "Your money is safe. Try again in a moment.",
    },
    retry: "Try again",
    history: "See the history",
    historyPath: "/en/wallet/transactions",
    help: "Help and contact",
    helpPath: "/en/help",
    code: "Code to give us:",
    pages: [
      ["/en/fees", "Fees"],
      ["/en/terms", "Terms"],
      ["/en/privacy", "Privacy"],
    ],
  },
} as const;

const BUTTON = "flex min-h-12 items-center justify-center rounded-field px-5 font-semibold";

const neverChanges = () => () => {};
const readLanguage = () => (/^\/en(\/|$)/.test(window.location.pathname) ? "en" : "fr");

/** Navigates instead of reloading, which would repeat a failed POST. */
const askAgain = () => window.location.assign(window.location.href);

interface ServerErrorViewProps {
  /** Next's id of the error in the server's log. */
  digest?: string | undefined;
  /** The language until the browser has read the address. */
  locale?: "fr" | "en";
  /** True while the database is away. */
  isUnavailable?: boolean;
  /** The page's own address, to visit it again without JavaScript. */
  path?: string;
  /** True where the layout, with its foot, failed too: the pages that explain the service are linked here. */
  isWithoutFoot?: boolean;
}

/** The 500 page, in the language of the address. */
export function ServerErrorView({
  digest,
  locale = "fr",
  isUnavailable = false,
  path,
  isWithoutFoot = false,
}: ServerErrorViewProps) {
  const words = WORDS[useSyncExternalStore(neverChanges, readLanguage, () => locale)];
  const { title, text } = isUnavailable ? words.away : words;
  return (
    <main className="mx-auto w-full max-w-120 grow px-4 py-16 text-center">
      <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
      <p className="mt-2 text-muted">{text}</p>
      {digest && (
        <p className="mt-2 text-sm text-muted">
          {words.code} <code>{digest}</code>
        </p>
      )}
      <div className="mt-7 flex flex-col gap-2.5">
        {path === undefined ? (
          <button
            type="button"
            onClick={askAgain}
            className={`${BUTTON} cursor-pointer bg-ochre text-ochre-ink`}
          >
            {words.retry}
          </button>
        ) : (
          <a href={path} className={`${BUTTON} bg-ochre text-ochre-ink`}>
            {words.retry}
          </a>
        )}
        <a href={words.historyPath} className={`${BUTTON} border border-edge bg-card`}>
          {words.history}
        </a>
        <a href={words.helpPath} className={`${BUTTON} text-link underline underline-offset-4`}>
          {words.help}
        </a>
      </div>
      {isWithoutFoot && (
        <ul className="mt-8 flex flex-wrap justify-center gap-x-5 text-sm text-muted">
          {words.pages.map(([page, label]) => (
            <li key={page}>
              <a href={page} className="inline-flex min-h-11 items-center underline underline-offset-4">
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
