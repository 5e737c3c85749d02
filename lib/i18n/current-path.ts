import { headers } from "next/headers";
import { PATH_HEADER } from "./routing";

/** The path and query of the current request without its language, for the language switch. */
export async function currentPath(): Promise<string> {
  return (await headers()).get(PATH_HEADER) ?? "/";
}
