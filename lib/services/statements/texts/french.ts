import type { StatementWords } from "./words";

const behind = (word: string, part: string) => (part === "" ? word : `${word} ${part}`);

export const FRENCH: StatementWords = {
  title: "Relevé du porte-monnaie",
  vaultTitle: (name) => `Relevé du coffre ${name}`,
  period: (from, to) => (from === to ? `Le ${from}` : `Du ${from} au ${to}`),
  holder: "Titulaire",
  walletNumber: "Numéro du porte-monnaie",
  zone: "Heures",
  madeAt: "Établi le",
  opening: "Solde d’ouverture",
  closing: "Solde de clôture",
  totalIn: "Total des entrées",
  totalOut: "Total des sorties",
  total: "Totaux",
  reserved: "Réservé en plus",
  reservedText:
    "Un retrait quitte le solde disponible dès qu’il est demandé\u00a0: il est réservé, puis payé. S’il échoue, il revient sur une ligne à part.",
  lineCount: (count) => `${count} lignes`,
  nothing: "Aucun mouvement d’argent pendant cette période.",
  columns: {
    date: "Date",
    time: "Heure",
    label: "Opération",
    details: "Détails",
    reference: "Référence",
    fee: "Dont frais",
    in: "Entrée",
    out: "Sortie",
    balance: "Solde",
    currency: "Monnaie",
    note: "Message",
  },
  phone: "N°",
  page: (page, pages) => `Page ${page} sur ${pages}`,
  fee: (amount) => `dont ${amount} de frais`,
  kinds: {
    deposit: ({ method }) => behind("Recharge", method),
    deposit_taken_back: () => "Recharge reprise, son payeur a été remboursé",
    owed_repaid: () => "Somme due payée",
    withdrawal: ({ method }) => behind("Retrait", method),
    withdrawal_refunded: ({ method }) => `${behind("Retrait", method)} remboursé`,
    withdrawal_fee_refunded: () => "Frais de retrait remboursés",
    withdrawal_held_again: ({ method }) => `${behind("Retrait", method)} réservé pour vérification`,
    withdrawal_released: ({ method }) => `${behind("Retrait", method)} rendu après vérification`,
    transfer_sent: ({ name }) => behind("Envoyé à", name),
    transfer_received: ({ name }) => behind("Reçu de", name),
    vault_deposit: ({ vault, isVaults }) =>
      isVaults ? "Mis dans le coffre" : behind("Mis en coffre\u00a0:", vault),
    vault_withdrawal: ({ vault, isVaults }) =>
      isVaults ? "Sorti du coffre" : behind("Sorti du coffre\u00a0:", vault),
    other: () => "Opération",
  },
  sealed: (number, at) =>
    `Toutes les lignes sont comprises dans le sceau n° ${number} du grand livre, posé le ${at}.`,
  root: "Empreinte du sceau",
  unsealed: "Les dernières lignes ne sont pas encore scellées : c’est fait en moins d’une minute.",
  check: "Comment vérifier",
  fileName: "releve",
};
