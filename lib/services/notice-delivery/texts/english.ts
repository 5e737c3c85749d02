import type { NoticeTexts } from "./notice-text";

const NOT_YOU = "If this wasn’t you, contact us at once.";

/** Plain words, short verbs; `text` is written in GSM 03.38: see notice-text.ts. */
export const ENGLISH: NoticeTexts = {
  deposit_credited: ({ amount }) => ({
    title: "Top-up completed",
    text: `${amount} is now in your wallet.`,
  }),
  transfer_received: ({ amount, name }) => ({
    title: `Money from ${name}`,
    text: `${name} sent you ${amount}.`,
  }),
  transfer_sent: ({ amount, name }) => ({
    title: `Money sent to ${name}`,
    text: `You sent ${amount} to ${name}.`,
    more: NOT_YOU,
  }),
  withdrawal_paid: ({ amount, destination }) => ({
    title: "Withdrawal completed",
    text: `Your withdrawal of ${amount} has arrived at ${destination}.`,
  }),
  withdrawal_refunded: ({ amount }) => ({
    title: "Withdrawal refunded",
    text: `Your withdrawal of ${amount} didn’t go through. The money was returned to you.`,
  }),
  withdrawal_stuck: ({ amount }) => ({
    title: "Withdrawal delayed",
    text: `Your withdrawal of ${amount} is delayed. Your money is reserved and nothing is lost. Don’t start again: we are checking.`,
  }),
  withdrawal_in_review: ({ amount }) => ({
    title: "Withdrawal under review",
    text: `We are checking your withdrawal of ${amount} with the operator. The sum is kept aside. You have nothing to do.`,
  }),
  deposit_failed: ({ amount }) => ({
    title: "Top-up failed",
    text: `Your top-up of ${amount} didn’t go through. Nothing was added to your wallet.`,
    more: "You can try again, or choose another method.",
  }),
  deposit_in_review: ({ amount }) => ({
    title: "Top-up under review",
    text: `We are checking the payment of your top-up of ${amount}. You have nothing more to pay.`,
  }),
  deposit_assigned: () => ({
    title: "Top-up checked",
    text: "The amount paid wasn’t the amount requested. We added what was paid to your wallet, as a separate top-up.",
  }),
  deposit_disputed: ({ amount }) => ({
    title: "Payment disputed",
    text: `The payment of your top-up of ${amount} is disputed, or was given back to its payer. We are checking.`,
    more: "We will tell you whether the sum has to leave your wallet.",
  }),
  deposit_taken_back: ({ amount }) => ({
    title: "Top-up taken back",
    text: `The payment of your top-up of ${amount} was given back to its payer. We took the sum back.`,
    more: "What your balance lacked will be taken from the next money that comes in.",
  }),
  deposit_kept: ({ amount }) => ({
    title: "Dispute ended",
    text: `We checked the payment of your top-up of ${amount}. The sum stays in your wallet.`,
  }),
  owed_paid: ({ amount }) => ({
    title: "Amount owed paid",
    text: `${amount} was taken from your balance to pay for a top-up whose payer was refunded.`,
  }),
  wallet_frozen: () => ({
    title: "Transfers and withdrawals suspended",
    text: "Your transfers and withdrawals are suspended while we check something. You can still receive money. Contact us.",
  }),
  wallet_unfrozen: () => ({
    title: "Transfers and withdrawals restored",
    text: "The check is over. You can send and withdraw money again.",
  }),
  vault_unlocked: ({ name }) => ({
    title: `Vault ${name} unlocked`,
    text: `Your vault ${name} is unlocked. You can take the money out.`,
  }),
  money_requested: ({ amount, name }) => ({
    title: `Request from ${name}`,
    text: `${name} asks you for ${amount}. Nothing is paid without your consent: answer in Cauris.`,
  }),
  money_request_paid: ({ amount, name }) => ({
    title: `Request paid by ${name}`,
    text: `${name} paid the ${amount} that you asked for.`,
  }),
  money_request_declined: ({ amount, name }) => ({
    title: `Request declined by ${name}`,
    text: `${name} declined your request for ${amount}.`,
  }),
  statement_ready: () => ({
    title: "Statement ready",
    text: "The statement that you asked for is ready. You can download it for 7 days.",
  }),
  statement_failed: () => ({
    title: "File not made",
    text: "We could not make the file that you asked for. Try again, with a shorter period if you can.",
  }),
  data_copy_ready: () => ({
    title: "Copy of your data ready",
    text: "The copy of your data is ready. You can download it for 7 days.",
  }),
  data_copy_requested: () => ({
    title: "Copy of your data requested",
    text: `A copy of all your data was asked for. ${NOT_YOU}`,
  }),
  monthly_statement: ({ month }) => ({
    title: `Statement of ${month}`,
    text: `Your statement of ${month} is ready. Sign in to Cauris to read or download it.`,
  }),
  tontine_dispute: ({ tontine }) => ({
    title: `Dispute opened: ${tontine}`,
    text: `Tontine ${tontine}: a member disputes something. Answer in Cauris within 2 days.`,
  }),
  tontine_dispute_overdue: ({ tontine }) => ({
    title: `Dispute unanswered: ${tontine}`,
    text: `Tontine ${tontine}: a dispute has waited for the officers too long. See it in Cauris.`,
  }),
  tontine_dispute_settled: ({ tontine }) => ({
    title: `Dispute settled: ${tontine}`,
    text: `Tontine ${tontine}: your dispute is settled. The answer is in Cauris.`,
  }),
  tontine_vote: ({ tontine, due }) => ({
    title: `Vote open: ${tontine}`,
    text: `The tontine ${tontine} votes. Read the question and vote in Cauris before ${due}.`,
  }),
  tontine_vote_soon: ({ tontine, due }) => ({
    title: `Your vote is awaited: ${tontine}`,
    text: `Reminder: the tontine ${tontine} awaits your vote in Cauris before ${due}.`,
  }),
  tontine_vote_adopted: ({ tontine }) => ({
    title: `Vote adopted: ${tontine}`,
    text: `Tontine ${tontine}: the members said yes. The result is in Cauris.`,
  }),
  tontine_vote_rejected: ({ tontine }) => ({
    title: `Vote not adopted: ${tontine}`,
    text: `Tontine ${tontine}: the proposal is not adopted. The result is in Cauris.`,
  }),
  tontine_vote_about_you: ({ tontine, due }) => ({
    title: `A vote concerns you: ${tontine}`,
    text: `The tontine ${tontine} votes on something that concerns you, until ${due}. Read the question in Cauris.`,
  }),
  tontine_waived: ({ amount, tontine }) => ({
    title: `Smaller pot: ${tontine}`,
    text: `The tontine ${tontine} has voted: ${amount} of the pot of your turn will not be paid.`,
  }),
  tontine_due_called: ({ amount, tontine, due }) => ({
    title: `Contribution due: ${tontine}`,
    text: `${amount} to pay to the tontine ${tontine} before ${due}.`,
  }),
  tontine_due_soon: ({ amount, tontine, due }) => ({
    title: `Contribution due tomorrow: ${tontine}`,
    text: `Reminder: ${amount} to pay to the tontine ${tontine} before tomorrow, ${due}.`,
  }),
  tontine_due_today: ({ amount, tontine, due }) => ({
    title: `Contribution due today: ${tontine}`,
    text: `Today is the day: ${amount} to pay to the tontine ${tontine} before ${due}.`,
  }),
  tontine_due_late: ({ amount, tontine }) => ({
    title: `Contribution late: ${tontine}`,
    text: `You still owe ${amount} to the tontine ${tontine}. Pay in Cauris as soon as you can, or talk to its officers.`,
  }),
  tontine_mandate_suspended: ({ tontine }) => ({
    title: `Automatic payment suspended: ${tontine}`,
    text: `The automatic payment to your tontine ${tontine} is suspended: the balance was too low. Pay in Cauris, then resume it.`,
  }),
  tontine_paid_for: ({ amount, name, tontine }) => ({
    title: `Contribution paid by ${name}`,
    text: `${name} paid ${amount} for you to the tontine ${tontine}.`,
  }),
  tontine_started: ({ tontine }) => ({
    title: `The tontine ${tontine} begins`,
    text: `The tontine ${tontine} begins. The order of the turns and the dates are in Cauris.`,
  }),
  tontine_rules: ({ tontine }) => ({
    title: `Rules to sign: ${tontine}`,
    text: `The rules of the tontine ${tontine} have changed. Read and sign them in Cauris.`,
  }),
  tontine_draw_frozen: ({ tontine, due, digits }) => ({
    title: `Draw on ${due}: ${tontine}`,
    text: `Tontine ${tontine}: the order is drawn on ${due}. Check digits of the sheet: ${digits}. Keep this message.`,
  }),
  tontine_draw_typed: ({ name, tontine }) => ({
    title: `Numbers to confirm: ${tontine}`,
    text: `Tontine ${tontine}: ${name} typed the numbers of the lotto. Check and confirm them in Cauris.`,
  }),
  tontine_draw_refused: ({ tontine }) => ({
    title: `Draw refused: ${tontine}`,
    text: `Tontine ${tontine}: numbers for the draw were wrong and were refused. The draw goes on; see it in Cauris.`,
  }),
  tontine_drawn: ({ tontine }) => ({
    title: `The order is drawn: ${tontine}`,
    text: `Tontine ${tontine}: the order is drawn. See your turn and check the draw in Cauris.`,
  }),
  tontine_approval: ({ amount, name, tontine }) => ({
    title: `Payout to approve: ${tontine}`,
    text: `Tontine ${tontine}: ${amount} to pay to ${name}. Approve or refuse it in Cauris.`,
  }),
  tontine_payout: ({ amount, name, tontine }) => ({
    title: `${name} has collected`,
    text: `Tontine ${tontine}: ${amount} went to ${name}.`,
  }),
  tontine_received: ({ amount, tontine }) => ({
    title: `It is your turn: ${tontine}`,
    text: `The tontine ${tontine} paid you ${amount}. Confirm in Cauris that you received it.`,
  }),
  tontine_invited: ({ name, tontine }) => ({
    title: `Invitation from ${name}`,
    text: `${name} invites you to the tontine ${tontine}. Read its rules and sign in Cauris.`,
  }),
  tontine_swap_offered: ({ name, tontine }) => ({
    title: `Swap of turns offered by ${name}`,
    text: `${name} offers to swap turns with you in the tontine ${tontine}. Accept or decline in Cauris.`,
  }),
  tontine_place_offered: ({ name, tontine }) => ({
    title: `Place offered by ${name}`,
    text: `${name} offers you their place in the tontine ${tontine}. Accept or decline in Cauris.`,
  }),
  tontine_guarantee_asked: ({ amount, name, tontine }) => ({
    title: `Guarantee asked by ${name}`,
    text: `${name} asks you to guarantee ${amount} in the tontine ${tontine}. Sign or decline in Cauris.`,
  }),
  tontine_guarantee_signed: ({ amount, name, tontine }) => ({
    title: `Guarantee signed by ${name}`,
    text: `${name} guarantees ${amount} for you in the tontine ${tontine}.`,
  }),
  tontine_countersign: ({ name, tontine }) => ({
    title: `An officer’s signature is needed: ${tontine}`,
    text: `Tontine ${tontine}: a change that ${name} asked for waits for an officer to sign.`,
  }),
  tontine_offer_accepted: ({ name, tontine }) => ({
    title: `Offer accepted by ${name}`,
    text: `${name} accepts your offer in the tontine ${tontine}. An officer still has to sign.`,
  }),
  tontine_offer_declined: ({ name, tontine }) => ({
    title: `Offer declined by ${name}`,
    text: `${name} declined or took back the offer in the tontine ${tontine}. Nothing changes.`,
  }),
  tontine_offer_lapsed: ({ tontine }) => ({
    title: `Offer expired: ${tontine}`,
    text: `An offer in the tontine ${tontine} wasn’t signed by all in time. Nothing changes.`,
  }),
  tontine_change_applied: ({ tontine }) => ({
    title: `Change made: ${tontine}`,
    text: `The change that you signed in the tontine ${tontine} is made.`,
  }),
  tontine_kept: ({ amount, tontine }) => ({
    title: `Money kept for you: ${tontine}`,
    text: `The tontine ${tontine} keeps ${amount} for you: your wallet is full or blocked. Call us.`,
  }),
  tontine_kept_for: ({ amount, name, tontine }) => ({
    title: `Money kept for ${name}`,
    text: `The tontine ${tontine} keeps ${amount} for ${name}, who has no account. Tell them to open one.`,
  }),
  tontine_returned: ({ tontine }) => ({
    title: `Pot given back: ${tontine}`,
    text: `Nobody approved a pot of the tontine ${tontine} in 90 days: everybody has got back what they paid.`,
  }),
  tontine_deferred: ({ name, tontine }) => ({
    title: `Turn put off to the end: ${tontine}`,
    text: `${name} takes at the end of the tontine ${tontine}. Your turn and your days stay as they are.`,
  }),
  tontine_closing: ({ tontine }) => ({
    title: `The tontine ${tontine} ends`,
    text: `The last turn of the tontine ${tontine} is over. Its accounts are in Cauris.`,
  }),
  tontine_cancelled: ({ tontine }) => ({
    title: `Tontine cancelled: ${tontine}`,
    text: `The tontine ${tontine} will not take place. Nothing was paid.`,
  }),
  limits_reached: () => ({
    title: "PIN locked",
    text: "Too many wrong PINs: your PIN is locked for a while. If this wasn’t you, change your password.",
  }),
  password_changed: () => ({
    title: "Password changed",
    text: `The password of your account was changed. ${NOT_YOU}`,
  }),
  password_recovered: () => ({
    title: "Password replaced",
    text: `Your password was replaced. Transfers and withdrawals are limited for a while. ${NOT_YOU}`,
  }),
  pin_set: () => ({
    title: "PIN chosen",
    text: `A PIN was set for your wallet. ${NOT_YOU}`,
  }),
  pin_changed: () => ({
    title: "PIN changed",
    text: `The PIN of your wallet was changed. ${NOT_YOU}`,
  }),
  pin_reset_requested: () => ({
    title: "New PIN requested",
    text: "A new PIN was asked for. No transfer or withdrawal until it is in force. If this wasn’t you, cancel it or contact us.",
  }),
  pin_reset_done: () => ({
    title: "PIN replaced",
    text: `Your new PIN is in force: it now confirms your transfers and withdrawals. ${NOT_YOU}`,
  }),
  phone_added: () => ({
    title: "Phone number added",
    text: `A phone number was added to your account. ${NOT_YOU}`,
  }),
  phone_changed: () => ({
    title: "Phone number changed",
    text: `The phone number of your account was changed. ${NOT_YOU}`,
  }),
  phone_moved_away: () => ({
    title: "Phone number removed",
    text: "Your phone number has moved to another account. Your wallet is still yours. Add another number in Cauris.",
  }),
  email_moved_away: () => ({
    title: "E-mail address removed",
    text: "Your e-mail address has moved to another account. Your wallet is still yours. Add another address in Cauris.",
  }),
  email_added: () => ({
    title: "E-mail address added",
    text: `An e-mail address was added to your account. ${NOT_YOU}`,
  }),
  email_changed: () => ({
    title: "E-mail address changed",
    text: `The e-mail address of your account was changed. ${NOT_YOU}`,
  }),
  new_device: ({ name }) => ({
    title: "New sign-in",
    text: `Your account was opened on a new device: ${name}. If this wasn’t you, change your password.`,
  }),
  api_key_made: ({ name, canMoveMoney }) => ({
    title: "API key created",
    text: canMoveMoney
      ? `An API key, ${name}, was created. It can send money out. If this wasn’t you, revoke it.`
      : `An API key, ${name}, was created on your account. If this wasn’t you, revoke it.`,
  }),
  api_key_revoked: ({ name }) => ({
    title: "API key revoked",
    text: `We revoked your API key ${name}. Contact us to learn why.`,
  }),
  passkey_added: ({ name }) => ({
    title: "Passkey added",
    text: `A passkey, ${name}, was added to your account. ${NOT_YOU}`,
  }),
  passkey_removed: ({ name }) => ({
    title: "Passkey removed",
    text: `The passkey ${name} was removed from your account. ${NOT_YOU}`,
  }),
  totp_enabled: () => ({
    title: "Two-step sign-in turned on",
    text: `A code from your app is now asked for at each sign-in. ${NOT_YOU}`,
  }),
  totp_disabled: () => ({
    title: "Two-step sign-in turned off",
    text: `No code is asked for at sign-in any more. ${NOT_YOU}`,
  }),
};
