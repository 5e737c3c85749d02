/** bidi-js 1.0.3, the Unicode bidirectional algorithm (UAX #9): what we use of it. It ships no types. */
declare module "bidi-js" {
  interface EmbeddingLevels {
    levels: Uint8Array;
  }

  interface Bidi {
    getEmbeddingLevels(text: string, direction?: "ltr" | "rtl"): EmbeddingLevels;
    /** Ranges (both ends included) to reverse one after the other. */
    getReorderSegments(
      text: string,
      levels: EmbeddingLevels,
      start?: number,
      end?: number,
    ): [start: number, end: number][];
    getMirroredCharacter(character: string): string | null;
  }

  export default function bidiFactory(): Bidi;
}
