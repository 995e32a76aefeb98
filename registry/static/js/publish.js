// Sends the file in parts, with progress, and goes on where a broken upload stopped.
// Without this script the form sends the whole file, which works too.
(() => {
  "use strict";
  const form = document.getElementById("publish");
  if (!form) return;
  const input = form.querySelector("#file");
  const drop = form.querySelector("[data-drop]");
  const chosen = form.querySelector("[data-chosen]");
  const wrong = form.querySelector("#file-error");
  const progress = form.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const words = progress.querySelector("[data-progress-words]");
  const button = form.querySelector("button[type=submit]");
  const token = form.querySelector("[name=csrf_token]").value;
  const inWords = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

  const tell = (sentence) => {
    wrong.hidden = !sentence;
    wrong.querySelector("span").textContent = sentence ?? "";
  };
  const show = () => {
    const file = input.files[0];
    if (file) chosen.textContent = `${file.name}, ${inWords(file.size)}`;
    tell("");
  };
  input.addEventListener("change", show);
  ["dragover", "dragenter"].forEach((name) => drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("over")));
  drop.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; show(); });

  const ask = async (method, url, body, type) => {
    const headers = { "X-CSRFToken": token, "Accept": "application/json" };
    if (type) headers["Content-Type"] = type;
    const answer = await fetch(url, { method, headers, body, credentials: "same-origin" });
    const value = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(value.detail ?? `The server answered ${answer.status}.`), { status: answer.status });
    return value;
  };

  const key = (file) => `upload:${form.publisher.value}:${file.name}:${file.size}:${file.lastModified}`;
  const begin = async (file) => {
    const known = JSON.parse(localStorage.getItem(key(file)) ?? "null");
    if (known) {
      try {
        const state = await ask("GET", known.state_url);
        if (state.state === "open") return { ...state, page: known.page };
      } catch { /* it is gone: begin anew */ }
    }
    const opened = await ask("POST", form.dataset.open, JSON.stringify({ publisher: form.publisher.value, filename: file.name, size: file.size }), "application/json");
    localStorage.setItem(key(file), JSON.stringify({ page: opened.page, state_url: opened.state_url }));
    return opened;
  };

  const sendPart = async (url, bytes) => {
    for (let attempt = 0; ; attempt += 1) {
      try { return await ask("PUT", url, bytes, "application/octet-stream"); }
      catch (error) {
        if (attempt === 4 || (error.status && error.status < 500 && error.status !== 408)) throw error;
        await new Promise((later) => setTimeout(later, 500 * 2 ** attempt));
      }
    }
  };

  const send = async (file) => {
    const upload = await begin(file);
    const done = new Set(upload.received.map((part) => part.number));
    let sent = upload.received.reduce((sum, part) => sum + part.size, 0);
    const report = () => {
      bar.value = 100 * sent / file.size;
      words.textContent = `${inWords(sent)} of ${inWords(file.size)}`;
    };
    report();
    for (const part of upload.parts) {
      if (done.has(part.number)) continue;
      const from = (part.number - 1) * upload.part_size;
      const bytes = file.slice(from, Math.min(from + upload.part_size, file.size));
      await sendPart(new URL(part.url, location.href).pathname, bytes);
      sent += bytes.size;
      report();
    }
    words.textContent = "All bytes are here.";
    await ask("POST", `/api/v1/uploads/${upload.id}/complete`);
    localStorage.removeItem(key(file));
    location.href = upload.page;
  };

  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.most)) { tell(`The file has ${inWords(file.size)}; at most ${inWords(Number(form.dataset.most))} are accepted.`); return; }
    tell("");
    progress.hidden = false;
    button.disabled = true;
    try { await send(file); }
    catch (error) { tell(error.message); button.disabled = false; }
  });
})();
