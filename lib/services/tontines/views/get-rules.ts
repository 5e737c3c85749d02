import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { GONE_STATES } from "../kinds";
import { selectSignatures, selectVersions } from "./store";

export interface RulesView {
  code: string;
  name: string;
  zone: string;
  version: number;
  /** A sentence each. */
  text: { fr: readonly string[]; en: readonly string[] };
  /** SHA-256 of both texts and the parameters, in hex. */
  hash: string;
  madeAt: Date;
  signatures: readonly { memberId: string; name: string; at: Date; isByOfficer: boolean }[];
  /** Members who have not signed this version. */
  unsigned: readonly string[];
  versions: readonly { version: number; madeAt: Date }[];
}

/** The rules in force and who signed them, for members. Throws `unauthenticated`, `not_found`. */
export async function getRules(context: Context, code: string): Promise<RulesView> {
  const { group } = await readOwnGroup(context, code);
  const { tontine, rules, members } = group;
  const [signatures, versions] = [
    await selectSignatures(context.db, rules.id),
    await selectVersions(context.db, tontine.id),
  ];
  const signed = new Set(signatures.map(({ memberId }) => memberId));
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    version: rules.version,
    text: { fr: rules.textFr.split("\n"), en: rules.textEn.split("\n") },
    hash: rules.hash.toString("hex"),
    madeAt: rules.createdAt,
    signatures: signatures.map(({ memberId, name, signedAt, isByOfficer }) => ({
      memberId: memberId.toString(),
      name,
      at: signedAt,
      isByOfficer,
    })),
    unsigned: [...members.values()]
      .filter(({ id, state }) => !signed.has(id) && !GONE_STATES.includes(state))
      .map(({ name }) => name),
    versions: versions.map(({ version, createdAt }) => ({ version, madeAt: createdAt })),
  };
}
