export * from "./credentials";
export * from "./disputes";
export * from "./identity";
export * from "./kinds";
export * from "./ledger";
export * from "./operating";
export * from "./operations";
export * from "./vaults";
