import { z } from "zod";

const schema = z.object({
  /** Hundredths of a percent of the amount; 0 means that withdrawals are free. */
  WITHDRAWAL_FEE_BASIS_POINTS: z.coerce.number().int().min(0).max(1_000).default(0),
});

let parsed: { basisPoints: bigint } | undefined;

/** Throws an Error that names the variable and what it should be. */
export function withdrawalFeeEnv(): { basisPoints: bigint } {
  parsed ??= { basisPoints: BigInt(schema.parse(process.env).WITHDRAWAL_FEE_BASIS_POINTS) };
  return parsed;
}
