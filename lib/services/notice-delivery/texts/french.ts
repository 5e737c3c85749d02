import type { NoticeTexts } from "./notice-text";

/** "d’Awa", "de Moussa". */
const of = (name: string): string => (/^[aeiouàâéèêëîïôöùûü]/i.test(name) ? `d’${name}` : `de ${name}`);

const NOT_YOU = "Si ce n’est pas vous, contactez-nous tout de suite.";

/** Vous, short verbs; in `text` no ê, ô or ç: see notice-text.ts. No-break spaces stand before : ; ? and !. */
export const FRENCH: NoticeTexts = {
  deposit_credited: ({ amount }) => ({
    title: "Recharge terminée",
    text: `${amount} sont maintenant dans votre porte-monnaie.`,
  }),
  transfer_received: ({ amount, name }) => ({
    title: `Argent reçu ${of(name)}`,
    text: `${name} vous a envoyé ${amount}.`,
  }),
  transfer_sent: ({ amount, name }) => ({
    title: `Argent envoyé à ${name}`,
    text: `Vous avez envoyé ${amount} à ${name}.`,
    more: NOT_YOU,
  }),
  withdrawal_paid: ({ amount, destination }) => ({
    title: "Retrait terminé",
    text: `Votre retrait de ${amount} est arrivé sur ${destination}.`,
  }),
  withdrawal_refunded: ({ amount }) => ({
    title: "Retrait remboursé",
    text: `Votre retrait de ${amount} n’a pas abouti. La somme vous a été rendue.`,
  }),
  withdrawal_stuck: ({ amount }) => ({
    title: "Retrait plus long que prévu",
    text: `Votre retrait de ${amount} prend du retard. Votre argent est réservé et rien n’est perdu. Ne recommencez pas\u00a0: nous vérifions.`,
  }),
  withdrawal_in_review: ({ amount }) => ({
    title: "Retrait en vérification",
    text: `Nous vérifions votre retrait de ${amount} avec l’opérateur. La somme est gardée à part. Vous n’avez rien à faire.`,
  }),
  deposit_failed: ({ amount }) => ({
    title: "Recharge échouée",
    text: `Votre recharge de ${amount} n’a pas abouti. Rien n’a été ajouté à votre porte-monnaie.`,
    more: "Vous pouvez recommencer, ou choisir une autre méthode.",
  }),
  deposit_in_review: ({ amount }) => ({
    title: "Recharge en vérification",
    text: `Nous vérifions le paiement de votre recharge de ${amount}. Vous n’avez rien de plus à payer.`,
  }),
  deposit_assigned: () => ({
    title: "Recharge vérifiée",
    text: "Le montant payé n’était pas le montant demandé. Nous avons ajouté ce qui a été payé à votre porte-monnaie, comme une recharge à part.",
  }),
  deposit_disputed: ({ amount }) => ({
    title: "Paiement contesté",
    text: `Le paiement de votre recharge de ${amount} est contesté, ou a été rendu à son payeur. Nous vérifions.`,
    more: "Nous vous dirons si la somme doit quitter votre porte-monnaie.",
  }),
  deposit_taken_back: ({ amount }) => ({
    title: "Recharge reprise",
    text: `Le paiement de votre recharge de ${amount} a été rendu à son payeur. Nous avons repris la somme.`,
    more: "Ce qui manquait sur votre solde sera pris sur vos prochaines entrées d’argent.",
  }),
  deposit_kept: ({ amount }) => ({
    title: "Contestation terminée",
    text: `Nous avons vérifié le paiement de votre recharge de ${amount}. La somme reste dans votre porte-monnaie.`,
  }),
  owed_paid: ({ amount }) => ({
    title: "Somme due réglée",
    text: `${amount} ont été pris sur votre solde pour régler une recharge dont le payeur a été remboursé.`,
  }),
  wallet_frozen: () => ({
    title: "Envois et retraits suspendus",
    text: "Vos envois et vos retraits sont suspendus le temps d’une vérification. Vous pouvez encore recevoir de l’argent. Contactez-nous.",
  }),
  wallet_unfrozen: () => ({
    title: "Envois et retraits rétablis",
    text: "La vérification est terminée. Vous pouvez de nouveau envoyer et retirer de l’argent.",
  }),
  vault_unlocked: ({ name }) => ({
    title: `Coffre ${name} débloqué`,
    text: `Votre coffre ${name} est débloqué. Vous pouvez en sortir l’argent.`,
  }),
  money_requested: ({ amount, name }) => ({
    title: `Demande ${of(name)}`,
    text: `${name} vous demande ${amount}. Rien ne part sans votre accord\u00a0: répondez dans Cauris.`,
  }),
  money_request_paid: ({ amount, name }) => ({
    title: `Demande payée par ${name}`,
    text: `${name} a payé les ${amount} que vous avez demandés.`,
  }),
  money_request_declined: ({ amount, name }) => ({
    title: `Demande refusée par ${name}`,
    text: `${name} a refusé votre demande de ${amount}.`,
  }),
  statement_ready: () => ({
    title: "Relevé prêt",
    text: "Le relevé demandé est disponible. Vous pouvez le télécharger pendant 7 jours.",
  }),
  statement_failed: () => ({
    title: "Fichier non établi",
    text: "Nous n’avons pas pu faire le fichier demandé. Recommencez, sur une période plus courte si possible.",
  }),
  data_copy_ready: () => ({
    title: "Copie de vos données prête",
    text: "La copie de vos données est disponible. Vous pouvez la télécharger pendant 7 jours.",
  }),
  data_copy_requested: () => ({
    title: "Copie de vos données demandée",
    text: `Une copie de toutes vos données a été demandée. ${NOT_YOU}`,
  }),
  monthly_statement: ({ month }) => ({
    title: `Relevé ${of(month)}`,
    text: `Votre relevé ${of(month)} est disponible. Connectez-vous à Cauris pour le lire ou le télécharger.`,
  }),
  tontine_dispute: ({ tontine }) => ({
    title: `Contestation ouverte\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: un membre conteste quelque chose. Répondez dans Cauris sous 2 jours.`,
  }),
  tontine_dispute_overdue: ({ tontine }) => ({
    title: `Contestation sans réponse\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: une contestation attend le bureau depuis trop longtemps. Voyez-la dans Cauris.`,
  }),
  tontine_dispute_settled: ({ tontine }) => ({
    title: `Contestation tranchée\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: votre contestation est tranchée. La réponse est dans Cauris.`,
  }),
  tontine_vote: ({ tontine, due }) => ({
    title: `Vote ouvert\u00a0: ${tontine}`,
    text: `La tontine ${tontine} vote. Lisez la question et votez dans Cauris avant le ${due}.`,
  }),
  tontine_vote_soon: ({ tontine, due }) => ({
    title: `Votre vote est attendu\u00a0: ${tontine}`,
    text: `Rappel\u00a0: la tontine ${tontine} attend votre vote dans Cauris avant le ${due}.`,
  }),
  tontine_vote_adopted: ({ tontine }) => ({
    title: `Vote adopté\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: les membres ont dit oui. Le résultat est dans Cauris.`,
  }),
  tontine_vote_rejected: ({ tontine }) => ({
    title: `Vote non adopté\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: la proposition n’est pas adoptée. Le résultat est dans Cauris.`,
  }),
  tontine_vote_about_you: ({ tontine, due }) => ({
    title: `Un vote vous concerne\u00a0: ${tontine}`,
    text: `La tontine ${tontine} vote jusqu’au ${due} sur ce qui vous concerne. Lisez la question dans Cauris.`,
  }),
  tontine_waived: ({ amount, tontine }) => ({
    title: `Cagnotte réduite\u00a0: ${tontine}`,
    text: `La tontine ${tontine} a voté\u00a0: ${amount} de la cagnotte de votre tour ne seront pas payés.`,
  }),
  tontine_due_called: ({ amount, tontine, due }) => ({
    title: `Cotisation à payer\u00a0: ${tontine}`,
    text: `${amount} à payer à la tontine ${tontine} avant le ${due}.`,
  }),
  tontine_due_soon: ({ amount, tontine, due }) => ({
    title: `Cotisation à payer demain\u00a0: ${tontine}`,
    text: `Rappel\u00a0: ${amount} à payer à la tontine ${tontine} avant demain, le ${due}.`,
  }),
  tontine_due_today: ({ amount, tontine, due }) => ({
    title: `Cotisation à payer aujourd’hui\u00a0: ${tontine}`,
    text: `C’est aujourd’hui\u00a0: ${amount} à payer à la tontine ${tontine} avant le ${due}.`,
  }),
  tontine_due_late: ({ amount, tontine }) => ({
    title: `Cotisation en retard\u00a0: ${tontine}`,
    text: `Vous devez encore ${amount} à la tontine ${tontine}. Payez dans Cauris dès que possible, ou parlez-en au bureau.`,
  }),
  tontine_mandate_suspended: ({ tontine }) => ({
    title: `Paiement automatique suspendu\u00a0: ${tontine}`,
    text: `Le paiement automatique de votre tontine ${tontine} est suspendu\u00a0: le solde ne suffisait pas. Payez dans Cauris, puis reprenez-le.`,
  }),
  tontine_paid_for: ({ amount, name, tontine }) => ({
    title: `Cotisation payée par ${name}`,
    text: `${name} a payé ${amount} pour vous à la tontine ${tontine}.`,
  }),
  tontine_started: ({ tontine }) => ({
    title: `La tontine ${tontine} commence`,
    text: `La tontine ${tontine} commence. L’ordre des tours et les dates sont dans Cauris.`,
  }),
  tontine_rules: ({ tontine }) => ({
    title: `Règlement à signer\u00a0: ${tontine}`,
    text: `Le règlement de la tontine ${tontine} a changé. Lisez-le et signez-le dans Cauris.`,
  }),
  tontine_draw_frozen: ({ tontine, due, digits }) => ({
    title: `Tirage le ${due}\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: tirage au sort le ${due}. Code de la feuille\u00a0: ${digits}. Gardez ce message.`,
  }),
  tontine_draw_typed: ({ name, tontine }) => ({
    title: `Numéros à confirmer\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: ${name} a saisi les numéros du loto. Vérifiez-les et confirmez dans Cauris.`,
  }),
  tontine_draw_refused: ({ tontine }) => ({
    title: `Tirage refusé\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: des numéros du tirage étaient faux et sont refusés. Le tirage continue, voyez-le dans Cauris.`,
  }),
  tontine_drawn: ({ tontine }) => ({
    title: `L’ordre est tiré\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: l’ordre est tiré au sort. Voyez votre tour et vérifiez le tirage dans Cauris.`,
  }),
  tontine_approval: ({ amount, name, tontine }) => ({
    title: `Remise à approuver\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: ${amount} à remettre à ${name}. Approuvez ou refusez dans Cauris.`,
  }),
  tontine_payout: ({ amount, name, tontine }) => ({
    title: `${name} a pris son tour`,
    text: `Tontine ${tontine}\u00a0: ${amount} ont été remis à ${name}.`,
  }),
  tontine_received: ({ amount, tontine }) => ({
    title: `C’est votre tour\u00a0: ${tontine}`,
    text: `La tontine ${tontine} vous a remis ${amount}. Confirmez dans Cauris que l’argent est arrivé.`,
  }),
  tontine_invited: ({ name, tontine }) => ({
    title: `Invitation de ${name}`,
    text: `${name} vous invite dans la tontine ${tontine}. Lisez le règlement et signez dans Cauris.`,
  }),
  tontine_swap_offered: ({ name, tontine }) => ({
    title: `Échange de tours proposé par ${name}`,
    text: `${name} vous propose d’échanger vos tours dans la tontine ${tontine}. Acceptez ou refusez dans Cauris.`,
  }),
  tontine_place_offered: ({ name, tontine }) => ({
    title: `Place proposée par ${name}`,
    text: `${name} vous propose de reprendre sa place dans la tontine ${tontine}. Acceptez ou refusez dans Cauris.`,
  }),
  tontine_guarantee_asked: ({ amount, name, tontine }) => ({
    title: `Garantie demandée par ${name}`,
    text: `${name} vous demande de garantir ${amount} dans la tontine ${tontine}. Signez ou refusez dans Cauris.`,
  }),
  tontine_guarantee_signed: ({ amount, name, tontine }) => ({
    title: `Garantie signée par ${name}`,
    text: `${name} garantit ${amount} pour vous dans la tontine ${tontine}.`,
  }),
  tontine_countersign: ({ name, tontine }) => ({
    title: `Signature du bureau attendue\u00a0: ${tontine}`,
    text: `Tontine ${tontine}\u00a0: un changement demandé par ${name} attend la signature du bureau.`,
  }),
  tontine_offer_accepted: ({ name, tontine }) => ({
    title: `Proposition acceptée par ${name}`,
    text: `${name} accepte votre proposition dans la tontine ${tontine}. Une personne du bureau doit encore signer.`,
  }),
  tontine_offer_declined: ({ name, tontine }) => ({
    title: `Proposition refusée par ${name}`,
    text: `${name} a refusé ou retiré la proposition dans la tontine ${tontine}. Rien ne change.`,
  }),
  tontine_offer_lapsed: ({ tontine }) => ({
    title: `Proposition expirée\u00a0: ${tontine}`,
    text: `Une proposition dans la tontine ${tontine} n’a pas été signée à temps par tous. Rien ne change.`,
  }),
  tontine_change_applied: ({ tontine }) => ({
    title: `Changement fait\u00a0: ${tontine}`,
    text: `Le changement que vous avez signé dans la tontine ${tontine} est fait.`,
  }),
  tontine_kept: ({ amount, tontine }) => ({
    title: `Argent gardé pour vous\u00a0: ${tontine}`,
    text: `La tontine ${tontine} garde ${amount} pour vous\u00a0: votre porte-monnaie est plein ou bloqué. Appelez-nous.`,
  }),
  tontine_kept_for: ({ amount, name, tontine }) => ({
    title: `Argent gardé pour ${name}`,
    text: `La tontine ${tontine} garde ${amount} pour ${name}, sans compte. Dites-lui d’en ouvrir un.`,
  }),
  tontine_returned: ({ tontine }) => ({
    title: `Cagnotte rendue\u00a0: ${tontine}`,
    text: `Une cagnotte de la tontine ${tontine} n’a été approuvée par personne en 90 jours\u00a0: chacun a repris ce qu’il avait payé.`,
  }),
  tontine_deferred: ({ name, tontine }) => ({
    title: `Tour remis à la fin\u00a0: ${tontine}`,
    text: `${name} prendra son tour à la fin de la tontine ${tontine}. Votre tour et vos dates ne changent pas.`,
  }),
  tontine_closing: ({ tontine }) => ({
    title: `La tontine ${tontine} se termine`,
    text: `Le dernier tour de la tontine ${tontine} est fini. Les comptes sont dans Cauris.`,
  }),
  tontine_cancelled: ({ tontine }) => ({
    title: `Tontine annulée\u00a0: ${tontine}`,
    text: `La tontine ${tontine} n’aura pas lieu. Rien n’a été payé.`,
  }),
  limits_reached: () => ({
    title: "Code secret bloqué",
    text: "Après trop de codes erronés, votre code secret est bloqué pour un moment. Si ce n’est pas vous, changez votre mot de passe.",
  }),
  password_changed: () => ({
    title: "Mot de passe changé",
    text: `Le mot de passe de votre compte a été changé. ${NOT_YOU}`,
  }),
  password_recovered: () => ({
    title: "Mot de passe remplacé",
    text: `Votre mot de passe a été remplacé. Vos envois et vos retraits sont limités pour un temps. ${NOT_YOU}`,
  }),
  pin_set: () => ({
    title: "Code secret choisi",
    text: `Le code secret de votre porte-monnaie est enregistré. ${NOT_YOU}`,
  }),
  pin_changed: () => ({
    title: "Code secret changé",
    text: `Le code secret de votre porte-monnaie a été changé. ${NOT_YOU}`,
  }),
  pin_reset_requested: () => ({
    title: "Nouveau code secret demandé",
    text: "Un nouveau code secret a été demandé. Aucun envoi ni retrait avant qu’il soit valable. Si ce n’est pas vous, annulez-le ou contactez-nous.",
  }),
  pin_reset_done: () => ({
    title: "Code secret remplacé",
    text: `Votre nouveau code secret est valable\u00a0: il confirme maintenant vos envois et vos retraits. ${NOT_YOU}`,
  }),
  phone_added: () => ({
    title: "Numéro de téléphone ajouté",
    text: `Un numéro de téléphone a été ajouté à votre compte. ${NOT_YOU}`,
  }),
  phone_changed: () => ({
    title: "Numéro de téléphone changé",
    text: `Le numéro de téléphone de votre compte a été changé. ${NOT_YOU}`,
  }),
  phone_moved_away: () => ({
    title: "Numéro de téléphone retiré",
    text: "Votre numéro de téléphone est passé à un autre compte. Votre porte-monnaie reste à vous. Ajoutez un autre numéro dans Cauris.",
  }),
  email_moved_away: () => ({
    title: "Adresse e-mail retirée",
    text: "Votre adresse e-mail est passée à un autre compte. Votre porte-monnaie reste à vous. Ajoutez une autre adresse dans Cauris.",
  }),
  email_added: () => ({
    title: "Adresse e-mail ajoutée",
    text: `Une adresse e-mail a été ajoutée à votre compte. ${NOT_YOU}`,
  }),
  email_changed: () => ({
    title: "Adresse e-mail changée",
    text: `L’adresse e-mail de votre compte a été changée. ${NOT_YOU}`,
  }),
  new_device: ({ name }) => ({
    title: "Nouvelle connexion",
    text: `Connexion à votre compte sur un nouvel appareil\u00a0: ${name}. Si ce n’est pas vous, changez votre mot de passe.`,
  }),
  api_key_made: ({ name, canMoveMoney }) => ({
    title: "Clé d’API créée",
    text: canMoveMoney
      ? `Une clé d’API, ${name}, a été créée. Elle permet de sortir de l’argent. Si ce n’est pas vous, révoquez-la.`
      : `Une clé d’API, ${name}, a été créée sur votre compte. Si ce n’est pas vous, révoquez-la.`,
  }),
  api_key_revoked: ({ name }) => ({
    title: "Clé d’API révoquée",
    text: `Nous avons révoqué votre clé d’API ${name}. Contactez-nous pour savoir pourquoi.`,
  }),
  passkey_added: ({ name }) => ({
    title: "Clé d’accès ajoutée",
    text: `Une clé d’accès, ${name}, a été ajoutée à votre compte. ${NOT_YOU}`,
  }),
  passkey_removed: ({ name }) => ({
    title: "Clé d’accès retirée",
    text: `La clé d’accès ${name} a été retirée de votre compte. ${NOT_YOU}`,
  }),
  totp_enabled: () => ({
    title: "Connexion en deux étapes activée",
    text: `Un code de votre application est maintenant demandé à chaque connexion. ${NOT_YOU}`,
  }),
  totp_disabled: () => ({
    title: "Connexion en deux étapes désactivée",
    text: `Plus aucun code n’est demandé à la connexion. ${NOT_YOU}`,
  }),
};
