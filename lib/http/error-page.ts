import { type Language, type StandaloneLink, standalonePage } from "./standalone-page";

/** The statuses that are answered with a page where no page of the app can be rendered. */
export type ErrorPageStatus = 400 | 403 | 409 | 413 | 414 | 429 | 431 | 500 | 503;

interface Words {
  title: string;
  text: string;
}

interface Links {
  back: string;
  home: string;
}

// In this file and not in the message catalogues, which pages are rendered with.
const WORDS: Record<Language, Record<ErrorPageStatus, Words> & Links> = {
  fr: {
    back: "Revenir à la page",
    home: "Ouvrir Cauris",
    400: {
      title: "Envoi illisible",
      text: "Nous n’avons pas pu lire cet envoi, et rien n’a été fait. Rouvrez la page, puis recommencez.",
    },
    403: {
      title: "Envoi refusé",
      text: "Rien ne montre que ce formulaire venait de notre site, et rien n’a été fait. Rouvrez la page chez nous, puis recommencez.",
    },
    409: {
      title: "La page a changé",
      text: "Cauris a été mis à jour depuis que vous avez ouvert cette page, et rien n’a été fait. Rouvrez-la, puis recommencez.",
    },
    413: {
      title: "Envoi trop lourd",
      text: "Ce formulaire contient trop de texte, et rien n’a été fait. Réduisez-le, puis recommencez.",
    },
    414: {
      title: "Adresse trop longue",
      text: "Cette adresse est trop longue pour être ouverte. Repartez de l’accueil.",
    },
    429: {
      title: "Trop d’envois",
      text: "Trop de formulaires sont partis de votre réseau en peu de temps, et rien n’a été fait. Attendez une minute, puis recommencez.",
    },
    431: {
      title: "Demande trop longue",
      text: "Votre navigateur envoie trop de données avec cette demande. Effacez les cookies de ce site, puis recommencez.",
    },
    500: {
      title: "Un problème de notre côté",
      text: "La page n’a pas pu s’afficher. Regardez l’historique avant de refaire une opération.",
    },
    503: {
      title: "Service momentanément indisponible",
      text: "Votre argent est en sûreté. Réessayez dans un moment.",
    },
  },
  en: {
    back: "Back to the page",
    home: "Open Cauris",
    400: {
      title: "Unreadable form",
      text: "We could not read what was sent, and nothing was done. Open the page again, then retry.",
    },
    403: {
      title: "Form refused",
      text: "Nothing shows that this form came from our site, and nothing was done. Open the page on our site, then retry.",
    },
    409: {
      title: "The page has changed",
      text: "Cauris was updated since you opened this page, and nothing was done. Open it again, then retry.",
    },
    413: {
      title: "Form too large",
      text: "This form holds too much text, and nothing was done. Shorten it, then retry.",
    },
    414: {
      title: "Address too long",
      text: "This address is too long to be opened. Start again from the home page.",
    },
    429: {
      title: "Too many forms",
      text: "Too many forms were sent from your network in a short time, and nothing was done. Wait a minute, then retry.",
    },
    431: {
      title: "Request too long",
      text: "Your browser sends too much data with this request. Clear the cookies of this site, then retry.",
    },
    500: {
      title: "A problem on our side",
      text: "The page could not be shown. Look at the history before repeating an operation.",
    },
    503: {
      title: "Service unavailable for a moment",
      text: "Your money is safe. Try again in a moment.",
    },
  },
};

export interface ErrorPageInput {
  language: Language;
  /** The path and query of the request, for the way back to its page; null where that page can't be opened. */
  path: string | null;
  retryAfterSeconds?: number;
}

/** A whole page without script: what is wrong, that nothing was done, and a way on. */
export function errorPage(status: ErrorPageStatus, { language, path, retryAfterSeconds }: ErrorPageInput) {
  const { back, home, [status]: words } = WORDS[language];
  const links: StandaloneLink[] = [
    // A path that starts with several slashes would be read as another host.
    ...(path !== null && /^\/(?![/\\])/.test(path) ? [{ path, label: back }] : []),
    { path: language === "en" ? "/en/wallet" : "/wallet", label: home },
  ];
  const { headers, body } = standalonePage({ language, ...words, links });
  const retry = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { status, headers: { ...headers, ...retry } as Record<string, string>, body };
}
