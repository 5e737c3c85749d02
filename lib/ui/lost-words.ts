// In the bundle and in both languages: without a network nothing can be asked of the server.
const WORDS = {
  fr: {
    offline:
      "Pas de réseau\u00a0: rien n’a été envoyé. Ce que vous avez saisi reste ici\u00a0; réessayez quand le réseau revient.",
    silent:
      "Aucune réponse n’est arrivée. Ce que vous avez saisi reste ici\u00a0; validez de nouveau\u00a0: l’opération ne sera faite qu’une fois.",
  },
  en: {
    offline: "No network: nothing was sent. What you typed stays here; try again when the network is back.",
    silent: "No answer came. What you typed stays here; send it again: it will be done only once.",
  },
} as const;

/** What is said above a form that was sent and not answered, in the language of the page. */
export function lostWords(): string {
  const words = WORDS[document.documentElement.lang === "en" ? "en" : "fr"];
  return navigator.onLine ? words.silent : words.offline;
}
