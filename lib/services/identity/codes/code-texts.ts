import { CODE_MINUTES } from "./policy";

export interface CodeText {
  subject: string;
  text: string;
}

/** The message with a code: in one segment of an SMS (GSM 03.38), and nothing in the subject that a lock screen should hide. */
export function codeText(code: string, locale: "fr" | "en"): CodeText {
  if (locale === "fr") {
    return {
      subject: "Votre code Cauris",
      text: `Cauris : ${code} est votre code, valable ${CODE_MINUTES} minutes. Ne le donnez à personne : nous ne le demandons jamais.`,
    };
  }
  return {
    subject: "Your Cauris code",
    text: `Cauris: ${code} is your code, valid for ${CODE_MINUTES} minutes. Give it to nobody: we never ask for it.`,
  };
}
