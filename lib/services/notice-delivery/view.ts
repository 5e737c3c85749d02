import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { maskPhone } from "@/lib/phone";
import { shownName } from "../identity/users/shown-name";
import { NOTICE_KINDS, type NoticeGroup, type NoticeKind } from "../notices/kinds";
import type { NoticeSubject } from "./store";

/** A notice as its receiver may see it: no secret, no balance, no full number. */
export interface NoticeView {
  id: bigint;
  kind: NoticeKind;
  group: NoticeGroup;
  at: Date;
  isRead: boolean;
  amount: Money | null;
  /** The other person as they are shown, or the name that a vault, a key or a device has; empty where there is none. */
  name: string;
  /** Where a withdrawal goes, masked; empty for other kinds. */
  destination: string;
  canMoveMoney: boolean;
  /** The month that a statement is of, `2026-11`; empty for other kinds. */
  month: string;
  /** The name of the tontine that it is about; empty for other kinds. */
  tontine: string;
  /** The check digits of a draw's sheet; empty for other kinds. */
  digits: string;
  /** Until when something is to be paid, or when an order is drawn, with the zone that its payers agreed on. */
  due: { at: Date; zone: string } | null;
  reference: string | null;
  /** The page that has more about it, without its language. */
  path: string;
}

type StoredText =
  | ("name" | "device" | "amountMinor" | "currency" | "reference" | "vaultId" | "requestId")
  | ("code" | "group" | "page" | "join" | "payoutId" | "dueAt" | "zone" | "fileId" | "month" | "digits");

/** As `details` of the kinds hold them (lib/services/notices/details.ts); JSON that only verbs of ours wrote. */
type StoredDetails = Partial<Record<StoredText, string>> & { canMoveMoney?: boolean };

export function toNoticeView({ notice, operation, party }: NoticeSubject): NoticeView {
  const kind = notice.kind as NoticeKind;
  const details = (notice.details ?? {}) as StoredDetails;
  const reference = operation?.reference ?? details.reference ?? null;
  return {
    id: notice.id,
    kind,
    group: NOTICE_KINDS[kind],
    at: notice.createdAt,
    isRead: notice.readAt !== null,
    amount: operation ? money(operation.amountMinor, operation.currency) : amountOf(details),
    name: party ? shownName(party.firstName, party.lastName) : (details.name ?? details.device ?? ""),
    destination: destinationOf(operation),
    canMoveMoney: details.canMoveMoney === true,
    month: details.month ?? "",
    tontine: details.group ?? "",
    digits: details.digits ?? "",
    due: details.dueAt === undefined ? null : { at: new Date(details.dueAt), zone: details.zone ?? "UTC" },
    reference,
    path: pathOf(kind, reference, details),
  };
}

function amountOf({ amountMinor, currency }: StoredDetails): Money | null {
  return amountMinor === undefined || currency === undefined
    ? null
    : money(BigInt(amountMinor), currency as Currency);
}

function destinationOf(operation: NoticeSubject["operation"]): string {
  if (operation?.type !== "withdrawal") return "";
  const { phone, bankName, accountNumber } = operation;
  return phone === null ? `${bankName} ••${accountNumber?.slice(-4)}` : maskPhone(phone);
}

const PATH_OF_GROUP: Readonly<Record<NoticeGroup, string>> = {
  money_in: "/wallet/transactions",
  money_out: "/wallet/transactions",
  problems: "/wallet/transactions",
  vaults: "/wallet/vaults",
  requests: "/wallet/requests",
  files: "/wallet/statements",
  monthly_statements: "/wallet/statements",
  tontine_dues: "/tontines",
  tontines: "/tontines",
  security: "/wallet/settings",
};

const PATH_OF_KIND: Partial<Record<NoticeKind, string>> = {
  wallet_frozen: "/wallet",
  wallet_unfrozen: "/wallet",
  api_key_made: "/wallet/keys",
  api_key_revoked: "/wallet/keys",
  pin_set: "/wallet/settings/pin",
  pin_changed: "/wallet/settings/pin",
  pin_reset_requested: "/wallet/settings/pin",
  limits_reached: "/wallet/settings/pin",
  data_copy_requested: "/wallet/statements",
};

function pathOf(kind: NoticeKind, reference: string | null, details: StoredDetails): string {
  const { vaultId, requestId, fileId, month, code, page, join, payoutId } = details;
  if (reference !== null) return `/wallet/transactions/${reference}`;
  if (vaultId !== undefined) return `/wallet/vaults/${vaultId}`;
  if (requestId !== undefined) return `/wallet/requests/${requestId}`;
  if (fileId !== undefined) return `/wallet/statements/files/${fileId}`;
  if (month !== undefined) return `/wallet/statements?month=${month}`;
  if (code !== undefined && kind.startsWith("tontine_draw")) return `/tontines/${code}/draw`;
  if (join !== undefined) return `/join/${join}`;
  if (code !== undefined) {
    const below = payoutId === undefined ? page : `approve/${payoutId}`;
    return below === undefined ? `/tontines/${code}` : `/tontines/${code}/${below}`;
  }
  return PATH_OF_KIND[kind] ?? PATH_OF_GROUP[NOTICE_KINDS[kind]];
}
