#!/usr/bin/env node
// `npm test`: installs what a bare checkout lacks and runs the checks and tests; `-- unit`, `-- resilience` or `-- e2e` runs one suite.
import "./bootstrap/node-version.mjs";

const { main } = await import("./bootstrap/run-checks.mjs");
await main(process.argv.slice(2));
