import { AnchorError, theOnly } from "./mutation";
import { SourceNode } from "./source-node";

const BREAKPOINT = /-->\s*statement-breakpoint/;

/**
 * A change of one clause in a statement of a migration. `object` is how the statement begins after `create`, without quotes,
 * such as `function ledger_post`, or how it begins at all, such as `grant select on ledger_accounts`. White space and case of
 * `clause` don't matter.
 */
export function inStatement(object: string, clause: string, replacement: string): (source: string) => string {
  return (source) => {
    const statements = source.split(BREAKPOINT).flatMap((statement) => splitGrants(statement));
    const wanted = statements.filter((statement) => beginningOf(statement).startsWith(object));
    const statement = theOnly(wanted, `a statement "${object}"`);
    return source.replace(statement, () => withClause(statement, clause, replacement));
  };
}

/** A change of one clause of SQL in the function or variable `scope` of a TypeScript file. */
export function inQuery(scope: string, clause: string, replacement: string): (source: string) => string {
  return (source) => {
    const nodes = [...SourceNode.parse(source).all()].filter(
      (node) =>
        (node.type === "FunctionDeclaration" && node.child("identifier")?.value === scope) ||
        (node.type === "VariableDeclarator" && node.child("id")?.value === scope),
    );
    const { text } = theOnly(nodes, `a function or variable ${scope}`);
    return source.replace(text, () => withClause(text, clause, replacement));
  };
}

/** Grants stand several to a statement-breakpoint. */
function splitGrants(statement: string): string[] {
  return beginningOf(statement).startsWith("grant") ? statement.split(/(?<=;)/) : [statement];
}

/** A statement without leading comments, quotes and `create`, in lower case and with single spaces. */
function beginningOf(statement: string): string {
  return statement
    .replaceAll(/--.*$/gm, "")
    .replaceAll('"', "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/^create /, "");
}

function withClause(text: string, clause: string, replacement: string): string {
  const found = [...text.matchAll(patternOf(clause))];
  const { 0: match, index } = theOnly(found, `the clause "${clause}"`);
  return text.slice(0, index) + replacement + text.slice(index + match.length);
}

/** The clause with any white space between its words and signs. */
function patternOf(clause: string): RegExp {
  const tokens = clause.match(/[\w$]+|[^\s\w$]/g);
  if (tokens === null) throw new AnchorError("a clause is empty");
  const escaped = tokens.map((token) => token.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.join("\\s*"), "gi");
}
