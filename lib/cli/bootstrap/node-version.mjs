// Old syntax on purpose: this file must be readable by the Node.js that it refuses.
var parts = process.versions.node.split(".").map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error(
    "Cauris needs Node.js 20.19 or newer, 24 is best; this is " +
      process.versions.node +
      ": see https://nodejs.org",
  );
  process.exit(1);
}
