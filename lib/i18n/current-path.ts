import { headers } from "next/headers";
import { PATH_HEADER } from "./routing";

/** The address being answered, without its language and with its query: what a language switch keeps. */
export async function currentPath(): Promise<string> {
  return (await headers()).get(PATH_HEADER) ?? "/";
}
