import type { Random } from "../random";
import type { Person } from "./people";
import { ATTACKERS_PIN, drawnKey, type World } from "./world";

/** Valid fields for each server action, by its exported name. An action that isn't listed is sent fields named like columns. */
export const TYPED: Record<
  string,
  (attacker: Person, world: World, random: Random) => Promise<Record<string, string>>
> = {
  signIn: async ({ email }) => ({ email, password: "wrong password" }),
  signInWithGoogle: async () => ({ next: "/wallet" }),
  signUp: async (_attacker, _world, random) => ({
    email: `${random.hex(8)}@example.test`,
    password: `${random.hex(8)}-horse`,
    firstName: "Awa",
    lastName: "S",
    phone: "",
    locale: "fr",
  }),
  toggleBalance: async (_attacker, _world, random) => ({ show: random.pick(["yes", "no"]) }),
  renewKey: async ({ expiredKeyId }) => ({ keyId: expiredKeyId.toString(), expiry: "1D" }),
  revokeKey: async ({ expiredKeyId }) => ({ keyId: expiredKeyId.toString() }),
  createKey: async () => ({ name: "caisse", read: "on", expiry: "1D" }),
  saveProfile: async (_attacker, _world, random) => ({
    firstName: "Awa",
    lastName: random.hex(4),
    phone: "+226 70 12 34 56",
  }),
  saveLanguage: async (_attacker, _world, random) => ({ locale: random.pick(["fr", "en"]) }),
  signOut: async () => ({}),
  signOutElsewhere: async () => ({}),
  revokeSession: async (_attacker, world) => ({ sessionId: (await world.disposableSession()).sessionId }),
  saveTheme: async (_attacker, _world, random) => ({ theme: random.pick(["light", "dark", "system"]) }),
  savePin: async () => ({
    pin: ATTACKERS_PIN,
    pinAgain: ATTACKERS_PIN,
    currentPin: ATTACKERS_PIN,
    version: "x",
  }),
  startTopup: async (_attacker, _world, random) => ({
    amount: String(random.int(31, 90) * 10),
    phone: "70 12 34 56",
    method: "wave",
    currency: "XOF",
    key: drawnKey(random),
  }),
  reviewTransfer: async (attacker, world, random) => ({
    walletNumber: world.other(attacker, random).walletNumber,
    amount: String(random.int(3, 900)),
    note: "riz",
    currency: "XOF",
  }),
  confirmTransfer: async (attacker, world) => ({
    quoteId: await world.quote(attacker, "transfer"),
    pin: ATTACKERS_PIN,
  }),
  putMoney: async ({ vaultId }, _world, random) => ({
    vaultId: vaultId.toString(),
    amount: String(random.int(1, 900)),
    key: drawnKey(random),
  }),
  takeMoney: async ({ vaultId }, _world, random) => ({
    vaultId: vaultId.toString(),
    amount: String(random.int(1, 900)),
    key: drawnKey(random),
  }),
  lockVaultUntil: async ({ vaultId }) => ({ vaultId: vaultId.toString(), lockedUntil: "2020-01-01" }),
  saveVault: async ({ vaultId }, _world, random) => ({
    vaultId: vaultId.toString(),
    name: `La moto ${random.hex(2)}`,
    goal: "9000",
  }),
  deleteVault: async ({ vaultId }) => ({ vaultId: vaultId.toString() }),
  openVault: async (_attacker, _world, random) => ({
    name: "La moto",
    goal: "8 000",
    lockedUntil: "",
    currency: "XOF",
    key: drawnKey(random),
  }),
  reviewWithdrawal: async (_attacker, _world, random) => ({
    amount: String(random.int(31, 90) * 10),
    phone: "70 12 34 56",
    method: "wave",
    currency: "XOF",
  }),
  confirmWithdrawal: async (attacker, world) => ({
    quoteId: await world.quote(attacker, "withdrawal"),
    pin: ATTACKERS_PIN,
  }),
};
