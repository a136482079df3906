/* Pictures are sent. Needs kuliss.js; forms do the same without a script.
   kuliss.pictures.send(files, {unit, onProgress, onDone, onError}): a job a file, {file, name, cancel(), again()}.
   onProgress(job, share, words) onDone(job, picture as JSON) onError(job, sentence)
   kuliss.pictures.list(ul, files, options): the same with a row for each file; onEnd(how many came).
   form[data-send] */
(function () {
  "use strict";
  if (!window.kuliss || !window.fetch || !window.Promise || !window.sessionStorage) return;

  const CHUNK = 512 * 1024, WIDEST = 2048, QUALITY = 0.85, AT_ONCE = 2, PATIENCE = 120000, TRIES = 6;
  const AS_IT_IS = 2 * 1024 * 1024;
  const SHRINKS = /^image\/(jpeg|png|webp|avif|heic|heif)$/;
  const UPLOADS = "/pictures/uploads";
  const all = kuliss.all, say = kuliss.say;
  const phrase = (name, values) => kuliss.words("picture-words", name, values);

  /* A browser that can't read a photo, or doesn't turn it upright, sends it as it is. This one lies on its side. */

  const LYING = "/9j/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////////////////////////" +
    "////////////////////////////////////////////////wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAA" +
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z";
  let upright = null;

  function decode(blob) {
    return createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => createImageBitmap(blob));
  }

  function turns() {
    const bytes = Uint8Array.from(atob(LYING), (sign) => sign.charCodeAt(0));
    upright = upright || decode(new Blob([bytes], { type: "image/jpeg" })).then((bitmap) => bitmap.height === 2);
    return upright;
  }

  /* What moves would come out standing still: the server refuses it. */
  function moves(file) {
    return new Response(file.slice(0, 4096)).text().then((head) => /ANIM|acTL/.test(head));
  }

  function draw(bitmap) {
    const scale = Math.min(1, WIDEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.imageSmoothingQuality = "high";
    paint.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  async function shrink(file) {
    if (!window.createImageBitmap || !SHRINKS.test(file.type)) return file;
    try {
      if (!await turns() || await moves(file)) return file;
      const bitmap = await decode(file);
      const small = Math.max(bitmap.width, bitmap.height) <= WIDEST && file.size <= AS_IT_IS;
      const made = small ? null : await draw(bitmap);
      if (bitmap.close) bitmap.close();
      return made && made.size < file.size ? made : file;
    } catch (error) {
      return file;
    }
  }

  /* Sending */

  const waiting = [];
  let running = 0;

  function Broken() {}
  function Refused(sentence) { this.sentence = sentence; }

  /* Broken: try again. Refused: a sentence for the person. */
  async function talk(job, method, address, body, headers) {
    const halt = window.AbortController ? new AbortController() : { abort: () => {} };
    const timer = setTimeout(() => halt.abort(), PATIENCE);
    const token = document.querySelector("input[name=csrf]");
    const sent = Object.assign({ Accept: "application/json", "X-CSRF-Token": token ? token.value : "" }, headers);
    job.halt = halt;
    let response;
    let told = null;
    try {
      response = await fetch(address, {
        method: method, body: body, headers: sent, credentials: "same-origin", signal: halt.signal,
      });
      if (!response.redirected && /json/.test(response.headers.get("content-type"))) told = await response.json();
    } catch (error) {
      throw new Broken();
    } finally {
      clearTimeout(timer);
    }
    if (response.redirected) throw new Refused(phrase("signed-out"));
    if (response.status === 403 && !told) throw new Refused(phrase("stale"));
    if (response.status >= 500 || response.status === 429) {
      job.stumbles += 1;
      if (job.stumbles < TRIES) throw new Broken();
    }
    if (response.ok && told) return told;
    if (told && (response.status === 404 || response.status === 409) && "offset" in told) return told;
    throw new Refused((told && told.error) || phrase("lost"));
  }

  const nameOf = (job) => ["kuliss-upload", job.unit, job.file.name, job.file.size, job.file.lastModified].join(":");

  function recall(job, size) {
    const kept = (sessionStorage.getItem(nameOf(job)) || "").split(" ");
    return Number(kept[1]) === size ? kept[0] : "";
  }

  function remember(job, key, size) {
    try { sessionStorage.setItem(nameOf(job), key + " " + size); } catch (error) { /* no room: then not */ }
  }

  function begin(job, body) {
    const form = new URLSearchParams();
    form.append("unit_id", job.unit);
    form.append("name", job.name);
    form.append("size", body.size);
    return talk(job, "POST", UPLOADS, form);
  }

  function part(job, key, body, offset) {
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    return talk(job, "PATCH", UPLOADS + "/" + key, body.slice(offset, offset + CHUNK), headers);
  }

  function pause(job, tries) {
    return new Promise((done) => {
      const timer = setTimeout(done, Math.min(500 * Math.pow(2, tries), 30000));
      const early = () => { clearTimeout(timer); done(); };
      window.addEventListener("online", early, { once: true });
      job.wake = early;
    });
  }

  /* An offset below 0: ask how much has come. */
  async function deliver(job, body) {
    let key = recall(job, body.size);
    let offset = -1;
    let tries = 0;
    while (!job.cancelled) {
      try {
        let told = null;
        if (!key) told = await begin(job, body);
        else if (offset < 0) told = await talk(job, "GET", UPLOADS + "/" + key);
        else if (offset < body.size) told = await part(job, key, body, offset);
        else told = await talk(job, "POST", UPLOADS + "/" + key + "/finish");
        if (told.id) return told;
        key = told.key || "";
        offset = key ? told.offset : -1;
        if (key) remember(job, key, body.size);
        tries = 0;
        if ("reading" in told) job.tell(told.reading, "reading");
        else job.tell(offset / body.size, offset < body.size ? "sending" : "checking");
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        if (job.cancelled) break;
        job.tell(-1, "waiting");
        await pause(job, tries);
        tries += 1;
        offset = -1;
      }
    }
    return null;
  }

  async function run(job) {
    job.tell(0, "preparing");
    try {
      const picture = await deliver(job, await shrink(job.file));
      sessionStorage.removeItem(nameOf(job));
      if (picture) job.done(picture);
    } catch (error) {
      sessionStorage.removeItem(nameOf(job));
      if (!job.cancelled) job.fail(error.sentence || phrase("lost"));
    }
  }

  function next() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      run(waiting.shift()).then(() => { running -= 1; next(); });
    }
  }

  function start(file, options) {
    const call = (name, first, second) => { if (options[name]) options[name](job, first, second); };
    const job = { file: file, name: file.name, unit: options.unit, stumbles: 0, share: 0, cancelled: false };
    job.tell = (share, stage) => {
      if (share >= 0) job.share = share;
      if (!job.cancelled) call("onProgress", job.share, phrase(stage, { share: Math.round(job.share * 100) }));
    };
    job.done = (picture) => { if (!job.cancelled) call("onDone", picture); };
    job.fail = (sentence) => call("onError", sentence);
    job.cancel = () => {
      job.cancelled = true;
      if (waiting.indexOf(job) >= 0) waiting.splice(waiting.indexOf(job), 1);
      if (job.halt) job.halt.abort();
      if (job.wake) job.wake();
    };
    job.again = () => {
      job.stumbles = 0;
      waiting.push(job);
      next();
    };
    waiting.push(job);
    return job;
  }

  function send(files, options) {
    const jobs = Array.prototype.map.call(files, (file) => start(file, options));
    jobs.forEach((job) => job.tell(0, "queued"));
    next();
    return jobs;
  }

  window.addEventListener("beforeunload", (event) => {
    if (!running) return;
    event.preventDefault();
    event.returnValue = "";
  });

  function sizeOf(bytes) {
    const large = bytes >= 1e6;
    const figure = (bytes / (large ? 1e6 : 1e3)).toLocaleString(document.documentElement.lang,
      { maximumFractionDigits: large ? 1 : 0 });
    return phrase(large ? "size" : "size-small", { size: figure });
  }

  function rowOf(job, list) {
    const row = document.importNode(document.getElementById("picture-row").content.firstElementChild, true);
    row.querySelector("[data-name]").textContent = job.name;
    row.querySelector("[data-size]").textContent = sizeOf(job.file.size);
    row.querySelector("progress").setAttribute("aria-label", job.name);
    const cancel = row.querySelector("[data-cancel]");
    cancel.setAttribute("aria-label", cancel.textContent + ": " + job.name);
    list.hidden = false;
    list.appendChild(row);
    return row;
  }

  function list(place, files, options) {
    const rows = new Map();
    const find = (job, name) => rows.get(job).querySelector("[data-" + name + "]");
    let open = 0, done = 0, spoken = 0;

    function opened(job) {
      job.open = true;
      open += 1;
    }

    function row(job) {
      if (rows.has(job)) return;
      rows.set(job, rowOf(job, place));
      opened(job);
      find(job, "cancel").addEventListener("click", () => {
        job.cancel();
        const near = rows.get(job).nextElementSibling || place.parentNode;
        place.removeChild(rows.get(job));
        const control = near.querySelector("button:not([hidden]), input:not([type=hidden])");
        if (control) control.focus();
        end(job);
      });
      find(job, "again").addEventListener("click", () => {
        find(job, "again").hidden = true;
        rows.get(job).querySelector("progress").hidden = false;
        find(job, "cancel").focus();
        opened(job);
        job.again();
      });
    }

    function end(job, came) {
      if (!job.open) return;
      job.open = false;
      open -= 1;
      if (came) done += 1;
      if (open > 0) return;
      say(phrase(done === 1 ? "came-one" : "came", { n: done }));
      if (done && options.onEnd) options.onEnd(done);
    }

    return send(files, {
      unit: options.unit,
      onProgress: (job, share, words) => {
        row(job);
        rows.get(job).querySelector("progress").value = share;
        find(job, "state").textContent = words;
        if (share > 0 && performance.now() - spoken > 8000) {
          spoken = performance.now();
          say(job.name + ": " + words);
        }
      },
      onDone: (job, picture) => {
        const mine = rows.get(job);
        const link = find(job, "link");
        const image = new Image(64, 64);
        image.alt = "";
        image.className = "thumb";
        image.src = picture.thumb;
        find(job, "place").appendChild(image);
        mine.querySelector("progress").hidden = true;
        find(job, "cancel").hidden = true;
        find(job, "state").textContent = phrase("in");
        link.href = "/pictures/" + picture.id;
        link.setAttribute("aria-label", link.textContent + ": " + job.name);
        link.hidden = false;
        if (options.onDone) options.onDone(job, picture, mine);
        end(job, true);
      },
      onError: (job, sentence) => {
        find(job, "state").textContent = "";
        const words = document.createElement("span");
        words.className = "error";
        words.textContent = sentence;
        find(job, "state").appendChild(words);
        find(job, "again").hidden = false;
        rows.get(job).querySelector("progress").hidden = true;
        say(job.name + ": " + sentence);
        end(job);
      },
    });
  }

  function sender(form) {
    const field = form.querySelector("input[type=file]");
    const unit = form.querySelector("[name=unit_id]");
    const place = form.querySelector("[data-rows]");
    const after = form.querySelector("[data-after]");
    const take = (files) => {
      if (!files.length) return;
      list(place, files, { unit: unit.value, onEnd: () => { if (after) after.hidden = false; } });
      field.value = "";
    };
    all("[data-plain]", form).forEach((one) => { one.hidden = true; });
    all("[data-drop]", form).forEach((one) => { one.hidden = false; });
    form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("change", () => take(Array.prototype.slice.call(field.files)));
    ["dragenter", "dragover"].forEach((name) => form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    }));
    ["dragleave", "drop"].forEach((name) => form.addEventListener(name, () => form.classList.remove("over")));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      take(Array.prototype.slice.call(event.dataTransfer.files));
    });
  }

  kuliss.pictures = { send: send, list: list };
  kuliss.ready((root) => all("form[data-send]", root).forEach(sender));
})();
