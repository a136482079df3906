/* The composer: what a form without a script does by going to the server and back, without leaving the place.
   Needs kuliss.js and pictures.js.
   #composer           the form; its buttons that save nothing are asked from here and exchange #pictures,
                       #variants and #beside
   [data-text]         in a preview: drawn while one writes in the field of that name
   [data-sort]         a list whose rows are moved by dragging, or by arrow keys on their handle [data-mover]
   #files, #coming     pictures chosen are sent at once (kuliss.pictures), with a row for each
   #saved              tells whether the server has what is typed; #meanwhile what others did to the post */
(function () {
  "use strict";
  if (!window.kuliss || !window.URLSearchParams) return;
  const byId = kuliss.byId, all = kuliss.all, say = kuliss.say;
  const form = () => byId("composer");
  if (!form()) return;
  const lost = () => say(kuliss.words("say", "lost"));
  const LATER = 400, PARTS = ["pictures", "variants", "beside"];
  const SAVES = { save: true, submit: true, both: true };

  /* Asking the server to draw the form as it stands now, with more fields such as the button pressed. One after
     the other: what is pressed while an answer is on its way is asked of the form that the answer makes. */

  let edits = 0, timer = 0, last = Promise.resolve();

  function fields() {
    const data = new URLSearchParams();
    new FormData(form()).forEach((value, name) => { if (typeof value === "string") data.append(name, value); });
    return data;
  }

  function draw(more, parts, focus) {
    clearTimeout(timer);
    form().setAttribute("aria-busy", "true");
    const mine = last = last.then(() => drawn(more, parts, focus)).catch(lost).then(() => {
      if (mine === last && form()) form().removeAttribute("aria-busy");
    });
  }

  function drawn(more, parts, focus) {
    const data = fields(), before = edits;
    const halt = window.AbortController ? new AbortController() : { abort: () => {} };
    const patience = setTimeout(() => halt.abort(), 60000);
    Object.keys(more).forEach((name) => [].concat(more[name]).forEach((value) => data.append(name, value)));
    return fetch(form().getAttribute("action"), {
      method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "kuliss" },
      signal: halt.signal,
    }).then((response) => response.text().then((html) => {
      clearTimeout(patience);
      const page = new DOMParser().parseFromString(html, "text/html");
      if (response.redirected || !page.getElementById("composer")) throw new Error("no composer");
      /* Somebody typed meanwhile: what came is old. A button is pressed once, the rest is drawn anew. */
      const shown = before === edits ? parts : parts.filter((id) => id === "beside");
      shown.forEach((id) => kuliss.swap(id, page));
      if (focus && byId(focus)) byId(focus).focus();
      if (shown.length < parts.length) return drawn(more, parts, focus);
      typing();
      return null;
    }));
  }

  function drawSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => draw({ do: "preview" }, ["beside"]), LATER);
  }

  /* Texts in the previews, at once */

  function cut(text, shown) {
    if (text.length <= shown) return [text, false];
    const head = text.slice(0, shown).replace(/[\uD800-\uDBFF]$/, "");
    return [head.replace(/\s+\S*$/, ""), true];
  }

  function typed(name) {
    return byId(name) ? byId(name).value.replace(/\r\n?/g, "\n").trim() : "";
  }

  function paint() {
    all("[data-text]").forEach((place) => {
      const link = place.hasAttribute("data-link") ? typed("link") : "";
      let text = typed(place.getAttribute("data-text"));
      if (link && text.indexOf(link) < 0) text = text ? text + "\n\n" + link : link;
      const part = cut(text, Number(place.getAttribute("data-shown")));
      place.className = text ? "said" : "meta";
      place.textContent = text ? part[0] + (part[1] ? " … " : "") : place.getAttribute("data-none");
      if (!part[1]) return;
      const more = document.createElement("span");
      more.className = "meta";
      more.textContent = place.getAttribute("data-more");
      place.appendChild(more);
    });
  }

  /* Order: rows are moved here, then everything that shows them is drawn anew */

  function moved(row, list) {
    const rows = all("li", list).filter((one) => one.parentNode === list);
    say(kuliss.words("pictures", "says", { place: rows.indexOf(row) + 1, all: rows.length }));
    edits += 1;
  }

  function settled(row) {
    const id = row.querySelector("[data-mover]").id;
    draw({ do: "preview" }, PARTS, id);
  }

  /* The others are moved round the row that is held: it keeps the focus and the finger. */
  function pass(row, list, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (other) list.insertBefore(other, by < 0 ? row.nextElementSibling : row);
    return !!other;
  }

  function step(row, list, by) {
    if (!pass(row, list, by)) return;
    moved(row, list);
    clearTimeout(timer);
    timer = setTimeout(() => settled(row), LATER);
  }

  function drag(row, list, handle, event) {
    const before = all("li", list).indexOf(row);
    const middle = (one) => { const area = one.getBoundingClientRect(); return area.top + area.height / 2; };
    const follow = (now) => {
      const above = row.previousElementSibling, below = row.nextElementSibling;
      if (above && now.clientY < middle(above)) pass(row, list, -1);
      else if (below && now.clientY > middle(below)) pass(row, list, 1);
    };
    const end = () => {
      handle.removeEventListener("pointermove", follow);
      row.classList.remove("lifted");
      if (all("li", list).indexOf(row) === before) return;
      moved(row, list);
      settled(row);
    };
    handle.setPointerCapture(event.pointerId);
    row.classList.add("lifted");
    handle.focus({ preventScroll: true });
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", end, { once: true });
  }

  function sorter(list) {
    all("[data-mover]", list).forEach((handle) => {
      const row = handle.closest("li");
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => { event.preventDefault(); drag(row, list, handle, event); });
      handle.addEventListener("keydown", (event) => {
        const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        step(row, list, by);
      });
    });
    if (byId("mover-hint")) byId("mover-hint").hidden = false;
  }

  /* What a channel has of its own is there to be filled in once it is ticked. */
  function needing(part) {
    const box = byId(part.getAttribute("data-needs"));
    const show = () => { part.hidden = !box.checked; };
    box.addEventListener("change", show);
    show();
  }

  /* Pictures from the device */

  function sender(field) {
    if (!window.kuliss.pictures) return;
    all("[data-plain]", byId("pictures")).forEach((one) => { one.hidden = true; });
    field.addEventListener("change", () => {
      const unit = byId("unit_id") || form().querySelector("[name=unit_id]");
      const came = new Map();
      const files = Array.prototype.slice.call(field.files);
      field.value = "";
      if (!files.length) return;
      kuliss.pictures.list(byId("coming"), files, {
        unit: unit.getAttribute("data-unit") || unit.value,
        onDone: (job, picture, row) => { came.set(job.file, picture.id); row.parentNode.removeChild(row); },
        onEnd: () => {
          /* As they were chosen, whichever came first; what is tried again later comes behind them. */
          const chosen = files.filter((file) => came.has(file)).map((file) => came.get(file));
          came.clear();
          draw({ do: "add", shelf: "post", chosen: chosen }, PARTS);
        },
      });
    });
  }

  /* What is typed is kept by the server beside the post, and on this computer where that fails (unsaved.js): some
     seconds after the first key, one after the other, and more seldom the longer nothing answers. */

  const EVERY = 3000, LONGEST = 240000, PATIENCE = 20000;
  let stored = null, every = EVERY, saver = 0, halt = null, trouble = "", ended = false;

  function typing() {
    kuliss.unsaved.keep(form());
    if (!saver && !halt && !ended) saver = setTimeout(save, every);
  }

  function save() {
    const now = kuliss.unsaved.typed(form()), first = kuliss.unsaved.first(form());
    clearTimeout(saver);
    saver = 0;
    if (halt || ended || now === (stored === null ? first : stored)) return;
    const data = fields(), key = data.get("once");
    data.append("form", form().getAttribute("action"));
    if (now === first) data.append("same", "yes");
    halt = window.AbortController ? new AbortController() : { abort: () => {} };
    const patience = setTimeout(halt.abort.bind(halt), PATIENCE);
    fetch("/unsaved", { method: "POST", body: data, credentials: "same-origin", signal: halt.signal })
      .then((response) => response.json().then((told) => {
        if (told.key !== key) throw new Error("portal");
        tell(told, now);
      }, () => { throw new Error(whatCame(response)); }))
      .catch((error) => fail(error.message in { portal: 1, out: 1, refused: 1 } ? error.message : "lost"))
      .then(() => {
        clearTimeout(patience);
        halt = null;
        if (kuliss.unsaved.typed(form()) !== stored) typing();
      });
  }

  /* Only our own answer counts: a network that wants a sign-in of its own shows its page instead. */
  function whatCame(response) {
    const ours = response.url.indexOf(location.origin + "/") === 0;
    if (ours && response.redirected && /\/(sign-in|unlock)/.test(response.url)) return "out";
    return ours && [403, 404].indexOf(response.status) >= 0 ? "refused" : "portal";
  }

  function tell(told, now) {
    const place = byId("meanwhile"), line = place.querySelector("div");
    every = EVERY;
    if (trouble) say(told.words);
    trouble = "";
    byId("saved").textContent = told.words;
    if (told.kept) { stored = now; kuliss.unsaved.stored(form(), now); } else ended = true;
    place.hidden = !told.meanwhile;
    if (line.textContent !== told.meanwhile) say(told.meanwhile);
    line.textContent = told.meanwhile;
  }

  function fail(reason) {
    every = Math.min(every * 2, LONGEST);
    kuliss.unsaved.keep(form()).then((kept) => {
      const words = kuliss.words("saved", reason) + " " + kuliss.words("saved", kept ? "here" : "open");
      if (trouble !== reason) say(words);
      trouble = reason;
      byId("saved").textContent = words;
    });
  }

  window.addEventListener("online", () => { every = EVERY; save(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) ended = false; });

  /* The whole form as it was, drawn by the server; it tells too whether somebody saved meanwhile. */
  kuliss.taking = (old) => {
    const data = new URLSearchParams(old);
    ["csrf", "once"].forEach((each) => data.append(each, form().querySelector("[name=" + each + "]").value));
    data.append("do", "preview");
    return fetch(form().getAttribute("action"), { method: "POST", body: data, credentials: "same-origin" })
      .then((response) => response.text()).then((html) => {
        if (!kuliss.swap("composer", new DOMParser().parseFromString(html, "text/html"))) throw new Error("lost");
        typing();
      });
  };

  /* "Not described yet" goes once it is, and comes back. */
  function describe(row) {
    const lacks = row && row.querySelector(".lacks");
    if (!lacks) return;
    lacks.hidden = !!row.querySelector("[name$='.alt_text']").value.trim() || row.querySelector("[name$='.decorative']").checked;
  }

  /* The script for parts of pictures comes when somebody opens one. */
  let cuts = "";
  function opened(event) {
    if (cuts || !event.target.querySelector("[data-crop]")) return;
    cuts = document.createElement("script");
    cuts.src = form().getAttribute("data-cuts");
    document.head.appendChild(cuts);
  }

  /* Together */

  function changed(event) {
    if (/^(files|chosen|shelf|find)$/.test(event.target.name)) return;
    edits += 1;
    if (!saver && !halt && !ended) saver = setTimeout(save, every);
    describe(event.target.closest("li"));
    if (event.target.tagName === "TEXTAREA" || event.target.name === "link") paint();
    if (event.type === "change") drawSoon();
  }

  function pressed(event) {
    const button = event.submitter || document.activeElement;
    const verb = (button && button.name === "do" && button.value) || "save";
    if (SAVES[verb]) {
      ended = true;
      if (halt) halt.abort();
      return;
    }
    event.preventDefault();
    const to = { library: "find", find: "find", own: "variant." + verb.split(":")[1] + ".own_pictures" };
    draw({ do: verb }, PARTS, to[verb.split(":")[0]]);
  }

  /* The first button of the form is not the library's search, but Enter in its field shall be. */
  function entered(event) {
    if (event.key !== "Enter" || event.target.id !== "find") return;
    event.preventDefault();
    draw({ do: "find" }, PARTS, "find");
  }

  document.addEventListener("toggle", opened, true);
  kuliss.ready((root) => {
    const whole = root === document || root.id === "composer";
    if (whole) {
      form().addEventListener("input", changed);
      form().addEventListener("change", changed);
      form().addEventListener("submit", pressed);
      form().addEventListener("keydown", entered);
    }
    all("[data-sort]", root).forEach(sorter);
    all("[data-needs]", root).forEach(needing);
    if (root === document || byId("files") && root.contains(byId("files"))) sender(byId("files"));
    if (root.id === "beside" || whole) paint();
  });
})();
