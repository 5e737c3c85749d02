#!/usr/bin/env node
// `npm start`: everything from a bare checkout to a running Cauris. Needs Node.js only; the rest is fetched.
import "./bootstrap/node-version.mjs";

const { main } = await import("./bootstrap/launch.mjs");
await main(process.argv.slice(2));
