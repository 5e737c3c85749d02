import { DomainError } from "@/lib/errors";

/** What a verb answers; null where it throws `not_found`: what doesn't exist, or is somebody else's. */
export async function nullIfNotFound<Found>(answer: Promise<Found>): Promise<Found | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
