import { AnchorError, theOnly } from "./mutation";
import { SourceNode } from "./source-node";

/** Replaces bytes of a file by other text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** What to change in a function or variable. Throws {@link AnchorError} when that isn't there, or is there twice. */
export type CodeChange = (scope: SourceNode) => Edit;

/**
 * A change of TypeScript in the function, method or variable named `scope`, found in the syntax tree: it doesn't
 * depend on how the code is formatted or on what stands around it.
 */
export function inFunction(scope: string, change: CodeChange): (source: string) => string {
  return (source) => {
    const file = SourceNode.parse(source);
    const found = [...file.all()].filter((node) => nameOf(node) === scope);
    const { start, end, text } = change(theOnly(found, `a function or variable ${scope}`));
    const bytes = Buffer.from(source);
    const mutated = `${bytes.toString("utf8", 0, start)}${text}${bytes.toString("utf8", end)}`;
    checkNames(file, SourceNode.parse(mutated));
    return mutated;
  };
}

function nameOf(node: SourceNode): string | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
      return node.child("identifier")?.value;
    case "VariableDeclarator":
      return node.child("id")?.value;
    case "ClassMethod":
    case "MethodProperty":
      return node.child("key")?.value;
    default:
      return undefined;
  }
}

/** A name that the file lacks would fail every test, and the mutation would count as caught. */
function checkNames(original: SourceNode, mutated: SourceNode): void {
  const known = new Set(namesIn(original));
  for (const value of namesIn(mutated)) {
    if (known.has(value) || value in globalThis || value.startsWith("mutated")) continue;
    throw new AnchorError(`the file has no ${value}, which the mutation uses`);
  }
}

/** Every identifier but the names of members. */
function namesIn(file: SourceNode): string[] {
  const members = new Set(file.ofType("MemberExpression").map((member) => member.child("property")?.start));
  return file.ofType("Identifier").flatMap(({ value, start }) => (members.has(start) ? [] : [value]));
}

/** Removes the statement that calls `callee`, awaited or not: the only one, or with `last` the last of several. */
export function removeCall(callee: string, { last = false } = {}): CodeChange {
  return (scope) => {
    const statements = scope.ofType("ExpressionStatement").filter((statement) => {
      const expression = statement.child("expression");
      const call = expression?.type === "AwaitExpression" ? expression.child("argument") : expression;
      return call?.type === "CallExpression" && calleeOf(call) === callee;
    });
    const wanted = last ? statements.slice(-1) : statements;
    return replaced(theOnly(wanted, `a statement ${callee}(…)`), "{}");
  };
}

/** Removes `.name(…)` from a chain of calls. */
export function removeMethod(name: string): CodeChange {
  return replaceCall(name, (_, object) => object);
}

/** Replaces a call of a function or method by text made of its arguments and, for a method, its object. */
export function replaceCall(
  callee: string,
  textOf: (args: readonly string[], object: string) => string,
): CodeChange {
  return (scope) => {
    const calls = scope.ofType("CallExpression").filter((call) => calleeOf(call) === callee);
    const call = theOnly(calls, `a call of ${callee}`);
    const args = call.list("arguments").map(({ text }) => text);
    return replaced(call, textOf(args, call.child("callee")?.child("object")?.text ?? ""));
  };
}

/** The function's name, or the method's without its object. */
function calleeOf(call: SourceNode): string | undefined {
  const callee = call.child("callee");
  return callee?.type === "MemberExpression" ? callee.child("property")?.value : callee?.value;
}

/** Removes the condition of an `and(…)` that mentions `name`; with `inWhere` only where that is the argument of `where`. */
export function removeCondition(name: string, { inWhere = false } = {}): CodeChange {
  return (scope) => {
    const calls = scope.ofType("CallExpression");
    const wheres = calls.filter((call) => calleeOf(call) === "where");
    const places = inWhere ? wheres.flatMap((where) => where.list("arguments")) : calls;
    const lists = places.filter((call) => calleeOf(call) === "and");
    return removedElement(
      lists,
      "arguments",
      (argument) => argument.mentions(name),
      `a condition on ${name}`,
    );
  };
}

/** Removes a property of an object: `name: …`, or `name` alone. */
export function removeProperty(name: string): CodeChange {
  return (scope) => {
    const isNamed = (property: SourceNode) => (property.child("key") ?? property).value === name;
    return removedElement(scope.ofType("ObjectExpression"), "properties", isNamed, `a property ${name}`);
  };
}

/** Removes the element of a list that `isWanted` accepts, with its comma. */
function removedElement(
  owners: readonly SourceNode[],
  list: string,
  isWanted: (element: SourceNode) => boolean,
  what: string,
): Edit {
  const places = owners.flatMap((owner) => {
    const elements = owner.list(list);
    return elements.flatMap((element, index) => (isWanted(element) ? [{ elements, element, index }] : []));
  });
  const { elements, element, index } = theOnly(places, what);
  const next = elements[index + 1];
  if (next) return { start: element.start, end: next.start, text: "" };
  return { start: elements[index - 1]?.end ?? element.start, end: element.end, text: "" };
}

/** Replaces the value of the property `name`. */
export function replaceProperty(name: string, textOf: (value: string) => string): CodeChange {
  return (scope) => {
    const properties = scope
      .ofType("KeyValueProperty")
      .filter((property) => property.child("key")?.value === name);
    const value = theOnly(properties, `a property ${name}`).child("value");
    return replaced(theOnly(value ? [value] : [], `a value of ${name}`), textOf(value?.text ?? ""));
  };
}

/** Replaces the first value of the variable `name`. */
export function replaceInitialValue(name: string, textOf: (value: string) => string): CodeChange {
  return (scope) => {
    const variables = scope.ofType("VariableDeclarator").filter((node) => nameOf(node) === name);
    const value = theOnly(variables, `a variable ${name}`).child("init");
    return replaced(theOnly(value ? [value] : [], `a value of ${name}`), textOf(value?.text ?? ""));
  };
}

/** Replaces the string `from` by `to`, in the whole function or in its `if` statements. */
export function replaceString(from: string, to: string, { inIf = false } = {}): CodeChange {
  return (scope) => {
    const places = inIf ? scope.ofType("IfStatement") : [scope];
    const strings = places
      .flatMap((place) => place.ofType("StringLiteral"))
      .filter(({ value }) => value === from);
    return replaced(theOnly(strings, `a string "${from}"`), JSON.stringify(to));
  };
}

/** Replaces the comparison by `===` whose sides mention `name`. */
export function replaceComparison(
  name: string,
  textOf: (sides: { left: string; right: string }) => string,
): CodeChange {
  return (scope) => {
    const comparisons = scope
      .ofType("BinaryExpression")
      .filter((node) => node.value === "===" && node.mentions(name));
    const comparison = theOnly(comparisons, `a comparison with ${name}`);
    const [left, right] = [comparison.child("left")?.text ?? "", comparison.child("right")?.text ?? ""];
    return replaced(comparison, textOf({ left, right }));
  };
}

/** Replaces the statement `return value;`, where `value` is a name. */
export function replaceReturn(value: string, text: string): CodeChange {
  return (scope) => {
    const returns = scope
      .ofType("ReturnStatement")
      .filter((statement) => statement.child("argument")?.value === value);
    return replaced(theOnly(returns, `return ${value}`), text);
  };
}

/** Replaces the body of the function's `catch` by throwing on what it caught. */
export function rethrow(): CodeChange {
  return (scope) => {
    const handler = theOnly(scope.ofType("CatchClause"), "a catch");
    const body = handler.child("body");
    return replaced(
      theOnly(body ? [body] : [], "a catch"),
      `{ throw ${handler.child("param")?.value ?? "0"}; }`,
    );
  };
}

function replaced({ start, end }: SourceNode, text: string): Edit {
  return { start, end, text };
}
