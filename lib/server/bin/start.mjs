#!/usr/bin/env node
// `npm start`: everything from a bare checkout to a running Cauris. Needs Node.js only; the rest is fetched.
import "./node-version.mjs";

const { main } = await import("./launch.mjs");
await main(process.argv.slice(2));
