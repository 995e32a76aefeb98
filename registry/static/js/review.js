// Keys for moderators: J and K move in the queue; A, R, X and Q decide.
(() => {
  "use strict";
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  const rows = [...document.querySelectorAll("[data-keys] a, nav.queue a")];
  const step = (by) => {
    if (!rows.length) return;
    const now = rows.indexOf(document.activeElement);
    const current = now >= 0 ? now : rows.findIndex((row) => row.getAttribute("aria-current"));
    rows[Math.max(0, Math.min(rows.length - 1, current + by))].focus();
  };
  document.addEventListener("keydown", (event) => {
    if (typing() || event.metaKey || event.ctrlKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    if (key === "k") step(-1);
    const button = document.querySelector(`[data-decision] [data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    const note = document.getElementById("note");
    if (button.value !== "approve" && !note.value.trim()) { note.focus(); return; }
    button.form.requestSubmit(button);
  });
})();
