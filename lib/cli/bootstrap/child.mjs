// Runs one of our TypeScript entries: node child.mjs <file>. Only imports are translated, Next's own files aren't.
import { pathToFileURL } from "node:url";
import { register } from "tsx/esm/api";

register();
try {
  await import(pathToFileURL(process.argv[2]).href);
} catch (error) {
  // A reason not to start that its message says in full, such as a wrong variable: no stack trace.
  if (error?.forPeople !== true) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
