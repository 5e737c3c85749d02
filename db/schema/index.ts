export * from "./credentials";
export * from "./identity";
export * from "./ledger";
export * from "./operating";
export * from "./operations";
export * from "./vaults";
