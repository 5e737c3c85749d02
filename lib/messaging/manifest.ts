import type { z } from "zod";
import type { ChannelKind } from "./channel";

/** What the rest of the product may know of a vendor of messages: everything that names it stands in its folder. */
export interface ChannelManifest<Settings = unknown> {
  /** Stored with messages: never changed. */
  name: string;
  /** As people know it; the same in every language. */
  title: string;
  kind: ChannelKind;
  /** Every environment variable that belongs to the vendor. */
  variables: readonly string[];
  /** Variables that hold a secret of the vendor: a demo makes its own. */
  credentials: readonly string[];
  /** The variable that says where the vendor is; null when there is no single place. */
  urlVariable: string | null;
  /** Parses the vendor's variables. */
  settings: z.ZodType<Settings>;
  /** Where the vendor posts delivery reports: `<path>/<secret>`; null when it posts none. */
  callback: { path: string; secretVariable: string; contentType: string } | null;
  sandbox: {
    /** Where the sandbox plays the vendor's API; null for a mail server or a push service. */
    path: string | null;
    /** What a demo sets besides credentials and the address of the API. */
    variables: Readonly<Record<string, string>>;
  };
}
