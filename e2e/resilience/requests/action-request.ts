import { multipart } from "../multipart";
import type { BuiltAction } from "../read-build";
import type { HttpRequest } from "./http";

/** A form's fields in order; a name may come twice. */
export type Fields = [name: string, value: string][];

/** How a server action is called: by React in a page with JavaScript, or by a form without it. */
export type Way = "script" | "form";

/** The first digit of an action's id tells which arguments it takes: 4 is the form alone, without a previous state. */
const takesFormAlone = ({ id }: BuiltAction) => id.startsWith("4");

/** The fields that are sent to call `action` with what was typed, in React's encoding (react-server-dom, processReply). */
function fieldsOfAction(action: BuiltAction, typed: Fields, way: Way): Fields {
  const { id } = action;
  if (way === "script") {
    const named = typed.map(([name, value]): Fields[number] => [`_1_${name}`, value]);
    return [...named, ["0", takesFormAlone(action) ? '["$K1"]' : '[null,"$K1"]']];
  }
  if (takesFormAlone(action)) return [[`$ACTION_ID_${id}`, ""], ...typed];
  const reference = JSON.stringify({ id, bound: "$@1" });
  return [
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", reference],
    ["$ACTION_1:1", "[null]"],
    ["$ACTION_KEY", "k0"],
    ...typed,
  ];
}

/** A call of a server action without credentials. `origin` is that of the page with the form. */
export function actionRequest(
  action: BuiltAction,
  { target, typed, way, origin }: { target: string; typed: Fields; way: Way; origin: string },
): HttpRequest {
  const { type, bytes } = multipart(fieldsOfAction(action, typed, way));
  const accept: HttpRequest["headers"] =
    way === "script" ? { "next-action": action.id, accept: "text/x-component" } : { accept: "text/html" };
  return {
    method: "POST",
    target,
    headers: { origin, ...accept, "content-type": type },
    body: bytes,
  };
}
