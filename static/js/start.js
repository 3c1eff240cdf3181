// Starts the NHS components, and again in whatever htmx puts into the page.
// File names carry a hash, so the page says where the components are.
const script = document.querySelector("script[data-components]");
const { initAll } = await import(script.dataset.components);

initAll();
document.addEventListener("htmx:afterSettle", (event) => initAll({ scope: event.target }));

// An answer that is no part of this page (the session has ended, an error page) is shown as
// the page that it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location.href);
  const answered = new URL(xhr.responseURL || asked, location.href);
  if (xhr.status >= 400 || answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.assign(xhr.status >= 400 ? pathInfo.finalRequestPath : answered);
  }
});
