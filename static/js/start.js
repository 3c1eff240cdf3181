// Starts the NHS components, and again in whatever htmx puts into the page.
// File names carry a hash, so the page says where the components are.
const script = document.querySelector("script[data-components]");
const { initAll } = await import(script.dataset.components);

initAll();
document.addEventListener("htmx:afterSettle", (event) => initAll({ scope: event.target }));
