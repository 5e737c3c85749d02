/** A tool that failed: what it means, and what the tool printed. */
export class ToolError extends Error {
  output: string;
}
