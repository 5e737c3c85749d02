import { describe, expect, test } from "vitest";
import { findForm, hiddenFields, parseHtml } from "./html";

const PAGE = `<!-- <form id="never"><input name="never"/></form> -->
<script>const text = '<form><input name="never"/></form>'</script>
<form><input type="hidden" name="other" value="1"/><button id="go">Go</button></form>
<form>
  <input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;7&quot;,&quot;a&#x27;b&quot;:&quot;&lt;&amp;&gt;&quot;}"/>
  <input name="amount" value="5"/><input type="hidden" name="key"/>
</form>`;

describe("a form is found", () => {
  test("by the name of a field and by the id of an element in it", () => {
    expect(findForm(PAGE, "amount")?.querySelector("input[name=key]")).not.toBeNull();
    expect(findForm(PAGE, "go")?.querySelector("input[name=other]")).not.toBeNull();
  });

  test("but not in a comment or a script", () => {
    expect(findForm(PAGE, "never")).toBeNull();
    expect(parseHtml(PAGE).querySelectorAll("form")).toHaveLength(2);
  });
});

test("hidden fields are listed in order, with decoded values", () => {
  const form = findForm(PAGE, "amount");
  expect(form && hiddenFields(form)).toEqual([
    ["$ACTION_1:0", `{"id":"7","a'b":"<&>"}`],
    ["key", ""],
  ]);
});
