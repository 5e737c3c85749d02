#!/usr/bin/env node
// `npm test`: everything from a bare checkout to a proven one. `npm test -- unit`, `-- resilience` or `-- e2e` runs a part.
import "./bootstrap/node-version.mjs";

const { main } = await import("./bootstrap/run-checks.mjs");
await main(process.argv.slice(2));
