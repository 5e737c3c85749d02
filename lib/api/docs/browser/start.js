// Sends what is tried on the page, with the credentials that were typed into it; they are kept nowhere.
(() => {
  const typed = (id) => document.getElementById(id).value.trim();
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  /** The request that a form describes. */
  const requestOf = (form) => {
    const headers = {};
    const query = new URLSearchParams();
    let path = form.dataset.path;
    for (const { name, value, dataset } of form.querySelectorAll("input")) {
      if (dataset.in === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      else if (value !== "" && dataset.in === "query") query.set(name, value);
      else if (value !== "" && dataset.in === "header") headers[name] = value;
    }
    const [token, key] = [typed("accessToken"), typed("apiKey")];
    if (token !== "") headers.Authorization = `Bearer ${token}`;
    if (key !== "") headers["x-api-key"] = key;
    const body = form.elements.namedItem("body");
    if (body) headers["Content-Type"] = "application/json";
    const address = path + (query.size > 0 ? `?${query}` : "");
    return [address, { method: form.dataset.method, headers, ...(body && { body: body.value }) }];
  };

  const pretty = (text) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };

  const execute = async (form) => {
    const result = form.querySelector(".result");
    result.replaceChildren(element("p", "…"));
    const [address, request] = requestOf(form);
    const start = performance.now();
    try {
      const answer = await fetch(address, { ...request, credentials: "omit" });
      const text = await answer.text();
      const duration = Math.round(performance.now() - start);
      const body = element("pre", pretty(text));
      body.tabIndex = 0;
      result.replaceChildren(
        element("p", `${request.method} ${address}`),
        element(
          "p",
          `${answer.status} ${answer.statusText}, ${duration} ms, request ${answer.headers.get("x-request-id")}`,
        ),
        body,
      );
    } catch {
      result.replaceChildren(
        element("p", "No answer came. For a call that moves money, ask again with the same Idempotency-Key."),
      );
    }
  };

  document.querySelector(".credentials").hidden = false;
  for (const form of document.querySelectorAll("form.try")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void execute(form);
    });
  }

  /** The call that the address names is open. */
  const openNamed = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named instanceof HTMLDetailsElement) {
      named.open = true;
      named.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", openNamed);
  openNamed();
})();
