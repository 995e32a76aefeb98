// Keys for moderators: J and K move in the queue, Enter opens; a button's own letter presses it.
(() => {
  "use strict";
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  const rows = [...document.querySelectorAll("[data-keys] a, nav.queue a")];
  const form = document.querySelector("[data-decision]");
  const reason = form?.querySelector("#reason");
  const note = form?.querySelector("#note");
  const hint = form?.querySelector("[data-hint]");
  let wanted = null;

  const step = (by) => {
    if (!rows.length) return;
    const now = rows.indexOf(document.activeElement);
    const current = now >= 0 ? now : rows.findIndex((row) => row.getAttribute("aria-current"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, current + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  // Most decisions need a reason and a note: open or go to what is missing, and say how to go on.
  const silent = new Set(["approve", "accept", "maturity", "conclude", "last"]);
  const decide = (button) => {
    const folded = button.closest("details:not([open])");
    if (folded) { folded.open = true; folded.querySelector("select").focus(); return; }
    const missing = silent.has(button.value) ? null : reason && !reason.value ? reason : !note.value.trim() ? note : null;
    if (!missing) { form.requestSubmit(button); return; }
    wanted = button;
    hint.hidden = false;
    hint.querySelector("span").textContent = `${button.firstChild.textContent.trim()}: give a reason${reason ? " and a note" : ""}, then press Ctrl+Enter.`;
    missing.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && wanted) { event.preventDefault(); decide(wanted); return; }
    if (event.key === "Escape" && form?.contains(document.activeElement)) { document.activeElement.blur(); return; }
    if (typing() || event.metaKey || event.ctrlKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    if (key === "k") step(-1);
    const button = form?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); decide(button); }
    document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
  });
})();
