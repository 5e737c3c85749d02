/** A body for each call that takes one: what the page's try-it begins with. A test parses each with its call's schema. */
export const REQUEST_EXAMPLES: Readonly<Record<string, unknown>> = {
  "/api/auth/refresh": { refresh: "q3V0b2tlbi1mcm9tLXlvdXItc2lnbi1pbg" },
  "/api/auth/logout": { refresh: "q3V0b2tlbi1mcm9tLXlvdXItc2lnbi1pbg" },
  "/api/keys/create": { name: "test-key", permissions: ["deposit", "transfer", "read"], expiry: "1M" },
  "/api/keys/revoke": { key_id: 1 },
  "/api/keys/rollover": { expired_key_id: "123", expiry: "1M" },
  "/api/wallet/deposit": { amount: 500000 },
  "/api/wallet/transfer": { wallet_number: "1234567890128", amount: 300000 },
  "/api/wallet/transfers": {
    transfers: [
      { wallet_number: "1234567890128", amount: 300000 },
      { wallet_number: "9876543210987", amount: 150000, note: "June" },
    ],
  },
  "/api/wallet/withdraw": { amount: 100000, currency: "XOF", method: "wave", phone: "+22670000001" },
};
