// Small comforts; every page works without them. No inline handlers: the policy forbids them.
(() => {
  "use strict";

  // htmx reads the parts of pages that we send as HTML; nothing else, here or there, may become a script.
  window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });

  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");

  // "/" goes to the search field.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || typing() || event.metaKey || event.ctrlKey || event.altKey) return;
    const field = document.querySelector('[data-focus-key="/"]');
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });

  // Buttons that need this script appear only where it runs.
  const arm = (root) => root.querySelectorAll("[data-copy][hidden], [data-show][hidden]").forEach((button) => { button.hidden = false; });

  // Copying. On plain http, as at home, browsers have no clipboard interface: the old command works there.
  const copied = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("not copied");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const words = button.querySelector("span");
    const before = words.dataset.before ??= words.textContent;
    try { await copied(button.dataset.copy); words.textContent = "Copied"; }
    catch { words.textContent = "Select it and copy"; }
    button.focus();
    setTimeout(() => { words.textContent = before; }, 1600);
  });

  // Show what is typed in a password field.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-show]");
    if (!button) return;
    const field = document.getElementById(button.dataset.show);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-off"));
  });

  // One open menu at a time; Escape and a click elsewhere close it.
  const openMenus = () => document.querySelectorAll("details.menu[open], details.word[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // "Test the feed" fetches it and says what came.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("[data-test-feed]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const told = document.querySelector(`[data-tested="${CSS.escape(link.dataset.testFeed)}"]`);
    told.hidden = false;
    told.textContent = "Fetching …";
    const begun = performance.now();
    try {
      const answer = await fetch(link.href, { cache: "no-store" });
      const size = (await answer.arrayBuffer()).byteLength;
      const took = Math.round(performance.now() - begun);
      told.textContent = answer.ok
        ? `It works from here: ${(size / 1000).toFixed(1)} kB in ${took} ms.`
        : `The registry answered ${answer.status}. It builds the feed; try again in a moment.`;
    } catch { told.textContent = "No answer. Is the registry running, and can this device reach it?"; }
  });

  // After "show more", go on at the first of the new ones.
  let last = null;
  document.addEventListener("htmx:before:swap", () => {
    last = document.activeElement?.closest?.(".more") ? document.querySelector("#results .tile:last-of-type") : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    arm(document);
    if (last?.isConnected) last.nextElementSibling?.focus({ preventScroll: true });
    last = null;
  });
  arm(document);
})();
