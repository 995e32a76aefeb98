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
  const stop = form.querySelector("[data-stop]");
  const token = form.querySelector("[name=csrf_token]").value;
  const most = Number(form.dataset.most);
  let stopping = null;

  const inWords = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const tell = (sentence) => {
    wrong.hidden = !sentence;
    wrong.querySelector("span").textContent = sentence ?? "";
    wrong.closest(".field").classList.toggle("wrong", Boolean(sentence));
  };
  const show = () => {
    const file = input.files[0];
    if (file) chosen.textContent = `${file.name}, ${inWords(file.size)}`;
    tell(file && file.size > most ? `The file has ${inWords(file.size)}; at most ${form.dataset.mostWords} are accepted.` : "");
  };

  input.addEventListener("change", show);
  ["dragover", "dragenter"].forEach((name) => drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  }));
  drop.addEventListener("dragleave", (event) => { if (!drop.contains(event.relatedTarget)) drop.classList.remove("over"); });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length !== 1) { tell("Drop one file: the bundle, packed as its media server installs it."); return; }
    input.files = event.dataTransfer.files;
    show();
  });

  const ask = async (method, url, body, type) => {
    const headers = { "X-CSRFToken": token, "Accept": "application/json" };
    if (type) headers["Content-Type"] = type;
    const answer = await fetch(url, { method, headers, body, credentials: "same-origin", signal: stopping.signal });
    const value = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(value.detail ?? `The registry answered ${answer.status}.`), { status: answer.status });
    return value;
  };

  // A part goes where the registry says: to itself, or straight to its store, which wants the bytes alone.
  // A store that takes nothing from pages (CORS) gets the part through the registry.
  const sendPart = async (upload, part, bytes) => {
    const ours = `/api/v1/uploads/${upload.id}/parts/${part.number}`;
    const told = new URL(part.url, location.href);
    if (told.pathname !== ours) {
      try {
        const answer = await fetch(told, { method: "PUT", body: bytes, credentials: "omit", signal: stopping.signal });
        if (answer.ok) return;
      } catch (error) { if (error.name === "AbortError") throw error; }
    }
    await ask("PUT", ours, bytes, "application/octet-stream");
  };

  // A part that did not arrive is sent again, a little later each time; the registry keeps what it has acknowledged.
  const patiently = async (act) => {
    for (let attempt = 0; ; attempt += 1) {
      try { return await act(); }
      catch (error) {
        const final = error.name === "AbortError" || (error.status && error.status < 500 && error.status !== 408);
        if (attempt === 5 || final) throw error;
        words.textContent = "The connection broke; trying again …";
        await new Promise((later) => setTimeout(later, 500 * 2 ** attempt));
      }
    }
  };

  const related = form.querySelector("input[data-said]")?.value ?? "";
  const key = (file) => `upload:${form.publisher.value}:${file.name}:${file.size}:${file.lastModified}:${related}`;
  const begin = async (file) => {
    const known = JSON.parse(localStorage.getItem(key(file)) ?? "null");
    if (known) {
      const state = await ask("GET", known.state_url).catch(() => null);
      if (state?.state === "open") return { ...state, page: known.page };
    }
    const said = Object.fromEntries([...form.querySelectorAll("[data-said]")].filter((field) => field.value).map((field) => [field.name, field.value]));
    const about = { publisher: form.publisher.value, filename: file.name, size: file.size, said };
    const opened = await ask("POST", form.dataset.open, JSON.stringify(about), "application/json");
    localStorage.setItem(key(file), JSON.stringify({ page: opened.page, state_url: opened.state_url }));
    return opened;
  };

  const send = async (file) => {
    const upload = await begin(file);
    const done = new Set(upload.received.map((part) => part.number));
    let sent = upload.received.reduce((sum, part) => sum + part.size, 0);
    const begun = performance.now();
    const before = sent;
    const report = () => {
      const speed = (sent - before) / ((performance.now() - begun) / 1000);
      const left = speed > 0 ? Math.ceil((file.size - sent) / speed) : 0;
      bar.value = 100 * sent / file.size;
      words.textContent = `${inWords(sent)} of ${inWords(file.size)}${left > 2 ? `, about ${left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min`} more` : ""}`;
    };
    report();
    for (const part of upload.parts) {
      if (done.has(part.number)) continue;
      const from = (part.number - 1) * upload.part_size;
      const bytes = file.slice(from, Math.min(from + upload.part_size, file.size));
      await patiently(() => sendPart(upload, part, bytes));
      sent += bytes.size;
      report();
    }
    words.textContent = "All bytes are here.";
    await patiently(() => ask("POST", `/api/v1/uploads/${upload.id}/complete`));
    localStorage.removeItem(key(file));
    location.href = upload.page;
  };

  const busy = (yes) => {
    progress.hidden = !yes;
    stop.hidden = !yes;
    button.disabled = yes;
  };
  stop.addEventListener("click", () => stopping?.abort());

  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    show();
    if (file.size > most) return;
    stopping = new AbortController();
    busy(true);
    try { await send(file); }
    catch (error) {
      busy(false);
      tell(error.name === "AbortError" ? "Stopped. Press Upload to go on where it stopped." : error.status ? error.message : "The connection broke. Press Upload to go on where it stopped.");
    }
  });
})();
