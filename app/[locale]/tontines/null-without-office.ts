import { DomainError } from "@/lib/errors";

/** Null where the page is for officers and the viewer is none: it is missing for them. */
export async function nullWithoutOffice<T>(found: Promise<T | null>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof DomainError && error.code === "tontine_role_missing") return null;
    throw error;
  }
}
