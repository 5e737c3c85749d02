// Runs one of our TypeScript entries: node child.mjs <file>. Only imports are translated, Next's own files aren't.
import { pathToFileURL } from "node:url";
import { register } from "tsx/esm/api";

register();
await import(pathToFileURL(process.argv[2]).href);
