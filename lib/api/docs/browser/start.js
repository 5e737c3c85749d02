// Shows the OpenAPI document with Swagger UI, in place of the list that the server made.
(() => {
  const root = document.documentElement;
  const list = document.getElementById("calls");
  const wish = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark-mode", wish.matches);
  wish.addEventListener("change", follow);
  follow();

  const show = (spec) => {
    SwaggerUIBundle({
      // Calls go to where the page is: another name of this machine would be another site.
      spec: { ...spec, servers: [{ url: location.origin }] },
      dom_id: "#swagger-ui",
      presets: [SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      validatorUrl: null,
      // A token in localStorage would outlive the tab.
      persistAuthorization: false,
      onComplete: () => {
        list.hidden = true;
      },
    });
  };

  fetch("/api/openapi.json")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(show)
    .catch(() => {
      document.getElementById("failure").hidden = false;
    });
})();
