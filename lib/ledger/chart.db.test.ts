import { expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { chart } from "./chart";

const { db } = await useDatabase();

const WALLET = 9_007_199_254_740_993n;
const VAULT = 12n;
const PROVIDER = "paystack";

/** Each kind of account as the database names it, by the arguments that the chart takes. */
const IN_SQL: Record<keyof typeof chart, string> = {
  available: "ledger_address_available(wallet, currency)",
  held: "ledger_address_held(wallet, currency)",
  owed: "ledger_address_owed(wallet, currency)",
  vault: "ledger_address_vault(wallet, currency, vault)",
  clearing: "ledger_address_clearing(provider, currency)",
  fees: "ledger_address_fees(currency)",
  suspense: "ledger_address_suspense(currency)",
  tontinePot: "ledger_address_tontine(wallet, currency, 'pot/' || vault)",
  tontineAdvance: "ledger_address_tontine(wallet, currency, 'advance/' || vault)",
  tontineGuarantee: "ledger_address_tontine(wallet, currency, 'guarantee/' || vault)",
  tontineOwed: "ledger_address_tontine(wallet, currency, 'owed/' || vault)",
  tontineSolidarity: "ledger_address_tontine(wallet, currency, 'solidarity')",
  tontineBox: "ledger_address_tontine(wallet, currency, 'box')",
};

const inTypeScript = (currency: Currency): Record<keyof typeof chart, string> => ({
  available: chart.available(WALLET, currency).address,
  held: chart.held(WALLET, currency).address,
  owed: chart.owed(WALLET, currency).address,
  vault: chart.vault(WALLET, currency, VAULT).address,
  clearing: chart.clearing(PROVIDER, currency).address,
  fees: chart.fees(currency).address,
  suspense: chart.suspense(currency).address,
  tontinePot: chart.tontinePot({ id: WALLET, currency }, VAULT).address,
  tontineAdvance: chart.tontineAdvance({ id: WALLET, currency }, VAULT).address,
  tontineGuarantee: chart.tontineGuarantee({ id: WALLET, currency }, VAULT).address,
  tontineOwed: chart.tontineOwed({ id: WALLET, currency }, VAULT).address,
  tontineSolidarity: chart.tontineSolidarity({ id: WALLET, currency }).address,
  tontineBox: chart.tontineBox({ id: WALLET, currency }).address,
});

it.each(CURRENCY_CODES)(
  "SQL and TypeScript name the accounts of the chart alike, in %s",
  async (currency) => {
    const columns = Object.entries(IN_SQL).map(([kind, call]) => `${call} as "${kind}"`);
    const [row] = await db.$client.unsafe(
      `select ${columns.join(", ")} from (values ($1::bigint, $2::bigint, $3, $4)) as v(wallet, vault, provider, currency)`,
      [WALLET.toString(), VAULT.toString(), PROVIDER, currency],
    );
    expect(row).toEqual(inTypeScript(currency));
  },
);

it("SQL tells the kind of an account by its address", async () => {
  const addresses = Object.entries(inTypeScript("XOF"));
  const rows = await db.$client<{ kind: string | null }[]>`
    select ledger_address_kind(n.address) as kind
    from unnest(${[...addresses.map(([, address]) => address), "wallet/1/XOF/other", "tontine/1/XOF/x", "test/1"]}::text[])
      with ordinality as n(address, position) order by n.position`;
  expect(rows.map(({ kind }) => kind)).toEqual([...addresses.map(([kind]) => snake(kind)), null, null, null]);
});

/** `tontinePot` is `tontine_pot` in SQL. */
const snake = (kind: string) => kind.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
