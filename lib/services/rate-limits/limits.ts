/** At most `points` in `seconds`, counted from the first one. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

const MINUTE_SECONDS = 60;
const QUARTER_HOUR_SECONDS = 15 * 60;
const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Every limit by name: the name is part of the stored key, so renaming one forgets its counts. */
export const LIMITS = {
  /** Wrong passwords for one account, or for an unknown address or number, from one network. */
  sign_in_email: { points: 5, seconds: QUARTER_HOUR_SECONDS },
  /** The same from all devices that its owner never used: each limit waits longer. */
  sign_in_account: { points: 10, seconds: 2 * QUARTER_HOUR_SECONDS },
  sign_in_account_hours: { points: 15, seconds: 2 * HOUR_SECONDS },
  sign_in_account_day: { points: 30, seconds: 12 * HOUR_SECONDS },
  /** Wrong passwords on a device that the account's owner used before. */
  sign_in_device: { points: 10, seconds: QUARTER_HOUR_SECONDS },
  sign_in_device_day: { points: 50, seconds: DAY_SECONDS },
  /** Wrong passwords from one network, whoever they are for: many people share an address. IPv6 by /64, /56 and /48. */
  sign_in_network: { points: 100, seconds: QUARTER_HOUR_SECONDS },
  sign_in_network_56: { points: 200, seconds: QUARTER_HOUR_SECONDS },
  sign_in_network_48: { points: 400, seconds: QUARTER_HOUR_SECONDS },
  /** Sign-up says when an e-mail address is taken: this bounds how many can be probed. What succeeds isn't counted. */
  sign_up_address: { points: 10, seconds: HOUR_SECONDS },
  sign_up_address_56: { points: 20, seconds: HOUR_SECONDS },
  sign_up_address_48: { points: 40, seconds: HOUR_SECONDS },
  /** Messages with a code to one number or address, whoever asks for them. */
  code_contact: { points: 5, seconds: HOUR_SECONDS },
  code_contact_day: { points: 10, seconds: DAY_SECONDS },
  code_account_day: { points: 15, seconds: DAY_SECONDS },
  /** Messages with a code from one network: an operator's customers share IPv4 addresses. */
  code_network: { points: 120, seconds: HOUR_SECONDS },
  code_network_56: { points: 240, seconds: HOUR_SECONDS },
  code_network_48: { points: 480, seconds: HOUR_SECONDS },
  /** Wrong codes of one account's second step. */
  second_step: { points: 5, seconds: QUARTER_HOUR_SECONDS },
  second_step_day: { points: 30, seconds: DAY_SECONDS },
  /** Sign-ins with a passkey that one network begins. */
  passkey_sign_in: { points: 100, seconds: QUARTER_HOUR_SECONDS },
  /** Queries to a provider about one deposit while somebody watches its page. */
  deposit_check: { points: 1, seconds: 4 },
  /** Names of bank accounts that one person may look up. */
  bank_account_name: { points: 30, seconds: HOUR_SECONDS },
  /** Keys that one person makes: revoked ones are kept for ever. */
  api_key_creation: { points: 30, seconds: HOUR_SECONDS },
  /** Wrong passwords that a signed-in person types to confirm a change. */
  pin_password: { points: 5, seconds: QUARTER_HOUR_SECONDS },
  /** Names looked up by wallet number: enough to send money, too few to collect names. */
  recipient_minute: { points: 20, seconds: MINUTE_SECONDS },
  recipient_day: { points: 100, seconds: DAY_SECONDS },
  /** Requests for money that one person makes, and those of them to the same other person. */
  money_request_day: { points: 30, seconds: DAY_SECONDS },
  money_request_person_day: { points: 5, seconds: DAY_SECONDS },
  /** Statements that one person has made while they wait, and files that the worker makes for them. */
  statement_download: { points: 60, seconds: HOUR_SECONDS },
  statement_file_day: { points: 10, seconds: DAY_SECONDS },
  /** Codes of tontines that one person types to join one. */
  tontine_code: { points: 20, seconds: HOUR_SECONDS },
  /** People whom one person has told that they were added to a tontine by their number; and how often one number is told, whoever adds it. */
  tontine_invited_day: { points: 30, seconds: DAY_SECONDS },
  tontine_invited_number_day: { points: 1, seconds: DAY_SECONDS },
  /** Links to receipts that one person makes, or asks for again. */
  receipt_link_day: { points: 200, seconds: DAY_SECONDS },
  /** Receipts that one person downloads: each costs the processor some tens of milliseconds. */
  receipt_download: { points: 120, seconds: HOUR_SECONDS },
  /** Look-ups of links to receipts that don't exist, from one network. Tokens can't be guessed: this bounds what trying costs us. */
  receipt_look_up: { points: 60, seconds: QUARTER_HOUR_SECONDS },
  receipt_look_up_56: { points: 120, seconds: QUARTER_HOUR_SECONDS },
  receipt_look_up_48: { points: 240, seconds: QUARTER_HOUR_SECONDS },
  /** Transfers to wallet numbers that don't exist, of a user and their API keys together. */
  failed_look_up: { points: 200, seconds: 24 * HOUR_SECONDS },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
