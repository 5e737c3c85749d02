import { type Language, standalonePage } from "./standalone-page";

/** Kept by public/sw.js: what it answers a visit with while there is no network and no copy of the page. */
export const OFFLINE_PATH = "/offline";

const WORDS = {
  fr: {
    title: "Pas de réseau",
    text: "Cette page n’a pas été gardée sur cet appareil. Vérifiez vos données mobiles ou le Wi-Fi, puis réessayez. Si vous veniez d’envoyer de l’argent, regardez l’historique avant de recommencer. L’accueil, l’historique et les reçus que vous avez vus se relisent sans réseau.",
    retry: "Réessayer",
    overview: "Relire l’accueil",
    history: "Relire l’historique",
  },
  en: {
    title: "No network",
    text: "This page was not kept on this device. Check your mobile data or Wi-Fi, then try again. If you were just sending money, look at the history before you repeat it. The home page, the history and the receipts that you have seen can be read without a network.",
    retry: "Try again",
    overview: "Read the home page",
    history: "Read the history",
  },
} as const;

export function offlinePage(language: Language) {
  const { title, text, retry, overview, history } = WORDS[language];
  const wallet = language === "en" ? "/en/wallet" : "/wallet";
  const links = [
    { path: "", label: retry },
    { path: wallet, label: overview },
    { path: `${wallet}/transactions`, label: history },
  ];
  return standalonePage({ language, title, text, links });
}
