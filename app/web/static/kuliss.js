/* Kuliss: a little comfort on top of pages that work without it.
   data-swap="id"      on a form: send it from here and exchange only that part of the page
   data-once           on a form: a button can be pressed one time, its value is still sent
   data-refresh="30"   on an element with an id: fetch it anew from data-src, as long as somebody looks
   data-count="facebook"  on a textarea: its length beside it, going on from the server's own count
   data-copy="id"      on a button: copy that element's text
   Other scripts: kuliss.say(words), kuliss.swap(id, page), kuliss.ready(function (root) {…}),
   kuliss.byId(id), kuliss.all(selector, root), kuliss.words(id, name, values): from data-name of that element,
   kuliss.lost(form, words): what was sent from there did not arrive. */
(function () {
  "use strict";
  if (!window.fetch || !window.DOMParser || !window.FormData || !Element.prototype.closest) return;

  const byId = (id) => document.getElementById(id);
  const all = (selector, root) => Array.prototype.slice.call((root || document).querySelectorAll(selector));
  const voice = byId("say");
  const phrase = (name) => words("say", name);
  const arrivals = [];

  function words(id, name, values) {
    const place = byId(id);
    const found = (place && place.getAttribute("data-" + name)) || "";
    return found.replace(/\{(\w+)\}/g, (whole, key) => (values && key in values ? values[key] : whole));
  }

  /* Words for those who hear the page. Emptied first: the same sentence twice would not be read again. */
  function say(words) {
    if (!voice || !words) return;
    voice.textContent = "";
    setTimeout(() => { voice.textContent = words; }, 100);
  }

  function ready(work) {
    arrivals.push(work);
    work(document);
  }

  /* Exchanging a part */

  function parse(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  /* A new part may use drawings that this page has not carried so far. */
  function takeDrawings(page) {
    const sprite = byId("sprite");
    if (!sprite) return;
    all("#sprite > symbol", page).forEach((symbol) => {
      if (!byId(symbol.id)) sprite.appendChild(document.importNode(symbol, true));
    });
  }

  function keepOpen(old, fresh) {
    all("details[id]", old).forEach((one) => {
      const twin = fresh.querySelector("[id='" + one.id + "']");
      if (twin) twin.open = one.open;
    });
  }

  /* Puts the part with this id of a fetched page in the place of ours; false when either lacks it. */
  function swap(id, page) {
    const old = byId(id);
    const found = page.getElementById(id);
    if (!old || !found) return false;
    const held = document.activeElement && old.contains(document.activeElement) ? document.activeElement : null;
    const fresh = document.importNode(found, true);
    takeDrawings(page);
    keepOpen(old, fresh);
    old.parentNode.replaceChild(fresh, old);
    arrivals.forEach((work) => work(fresh));
    if (held) regain(held, fresh);
    return true;
  }

  /* The focus returns to the same control, else to the part itself, never to the top of the page. */
  function regain(held, fresh) {
    const twin = held.id && byId(held.id);
    if (!twin && !fresh.hasAttribute("tabindex")) fresh.setAttribute("tabindex", "-1");
    (twin || fresh).focus({ preventScroll: true });
  }

  function showFaults(root) {
    const faults = root.querySelector(".errors");
    if (faults) faults.focus();
    return !!faults;
  }

  /* Forms */

  let pressed = null;
  document.addEventListener("click", (event) => {
    pressed = event.target.closest("button, [type=submit]");
  }, true);

  function buttonOf(event) {
    const button = event.submitter || pressed;
    return button && button.form === event.target ? button : null;
  }

  /* Marked, not disabled: a disabled button loses the focus and its value. The mark on the form stops the rest. */
  function rest(form) {
    form.setAttribute("data-sent", "");
    all("button, [type=submit]", form).forEach((one) => one.setAttribute("aria-disabled", "true"));
  }

  function wake(form) {
    form.removeAttribute("data-sent");
    all("[aria-disabled]", form).forEach((one) => one.removeAttribute("aria-disabled"));
  }

  function gather(form, button) {
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    if (form.enctype === "multipart/form-data" || !window.URLSearchParams) return data;
    const plain = new URLSearchParams();
    data.forEach((value, name) => plain.append(name, value));
    return plain;
  }

  function addressOf(form, button) {
    return (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;
  }

  function ask(form, button) {
    const data = gather(form, button);
    const address = addressOf(form, button);
    const options = { credentials: "same-origin", headers: { "X-Requested-With": "kuliss" } };
    if (form.method === "get") return fetch(address.split("?")[0] + "?" + data, options);
    options.method = "POST";
    options.body = data;
    return fetch(address, options);
  }

  /* No answer came, so nobody knows whether it was done: say so, keep what was typed, send nothing again. */
  function lost(form, words) {
    words = words || phrase("lost");
    let note = form.querySelector("[data-lost-note]");
    if (!note) {
      note = document.createElement("p");
      note.className = "note note-stop";
      note.setAttribute("data-lost-note", "");
      form.insertBefore(note, form.firstChild);
    }
    note.textContent = words;
    say(words);
    wake(form);
  }

  /* A network that first wants a sign-in of its own answers for us: what is no page of ours is no answer. */
  function receive(form, response, html) {
    const page = parse(html);
    if (!page.getElementById("say")) { lost(form); return; }
    const id = form.getAttribute("data-swap");
    const done = swap(id, page) || (!response.redirected && swap("main", page));
    if (!done && response.redirected) { location.assign(response.url); return; }
    if (!done) { lost(form); return; }
    swap("notices", page);
    if (form.method === "get" && window.history.replaceState) history.replaceState(null, "", response.url);
    if (page.title) document.title = page.title;
    wake(form);
    const part = byId(id) || byId("main");
    if (showFaults(part)) return;
    const told = page.querySelector("[data-said]");
    say(told ? told.textContent.trim() : part.getAttribute("data-says"));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    const button = buttonOf(event);
    if (form.hasAttribute("data-once")) rest(form);
    if (!form.hasAttribute("data-swap")) return;
    event.preventDefault();
    rest(form);
    ask(form, button).then((response) => response.text().then((html) => receive(form, response, html)))
      .catch(() => lost(form));
  });

  /* Back from the browser's own memory: what was pressed then may be pressed now. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach(wake);
  });

  /* Refreshing */

  const LONGEST = 300;

  function busy(element) {
    return document.hidden || element.contains(document.activeElement);
  }

  function refresh(element, seconds) {
    setTimeout(() => {
      if (!document.contains(element)) return;
      if (busy(element)) { refresh(element, Number(element.getAttribute("data-refresh"))); return; }
      fetchAnew(element).catch(() => refresh(element, Math.min(seconds * 2, LONGEST)));
    }, seconds * 1000);
  }

  /* The header says that nobody asked for this: it must not keep an idle session awake. */
  function fetchAnew(element) {
    const source = element.getAttribute("data-src") || location.href;
    return fetch(source, { credentials: "same-origin", headers: { "X-Refresh": "1" } }).then((response) => {
      if (response.status === 401 || response.status === 403 || response.status === 404) return null;
      if (!response.ok) throw new Error(String(response.status));
      return response.text().then((html) => {
        if (busy(element)) refresh(element, Number(element.getAttribute("data-refresh")));
        else swap(element.id, parse(html));
      });
    });
  }

  /* Counting. The server counts UTF-16 units with one unit a line end and no space around; so do we, and where
     we differ all the same, its number at the start is the truth that we go on from. */

  function length(text) {
    return text.replace(/\r\n?/g, "\n").trim().length;
  }

  function counter(area) {
    const place = byId(area.id + "-count");
    if (!place) return;
    const limit = Number(area.getAttribute("data-limit")) || 0;
    const drift = Number(place.getAttribute("data-n")) - length(area.defaultValue);
    let over = false;
    const tell = () => {
      const n = Math.max(0, length(area.value) + drift);
      const near = limit && n > limit * 0.9;
      const words = near ? place.getAttribute("data-most") : place.getAttribute(n === 1 ? "data-one" : "data-many");
      place.textContent = words.replace("{n}", n);
      if (limit && n > limit && !over) say(phrase("over"));
      over = limit > 0 && n > limit;
    };
    area.addEventListener("input", tell);
    if (area.value !== area.defaultValue) tell();
  }

  /* Copying */

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copier(button) {
    const source = byId(button.getAttribute("data-copy"));
    if (!source) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = source.value !== undefined ? source.value : source.textContent.trim();
      const done = () => say(phrase("copied"));
      const byHand = () => { select(source); if (document.execCommand("copy")) done(); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
      else byHand();
    });
  }

  /* A stroke leads to the search: to the field of its own page, else to the one in the menu. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const field = byId("q") || byId("seek");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });

  /* The person's menu closes as menus do. */
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => {
    all(".menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* What was typed and not saved lies in this browser, sealed (unsaved.js). It goes when it is saved, when they
     sign out, and after seven days, also that of others who were here. */
  const WEEK = 7 * 864e5;
  function forget(which) {
    try {
      Object.keys(localStorage).filter((name) => name.indexOf("kuliss-typed:") === 0 && which(name))
        .forEach((name) => localStorage.removeItem(name));
    } catch (error) { /* a browser that keeps nothing */ }
  }
  forget((name) => !(parseInt(localStorage.getItem(name), 10) > Date.now() - WEEK)
    || /[?&]done=/.test(location.search) && name === sessionStorage.getItem("kuliss-saving"));
  document.addEventListener("submit", (event) => {
    const action = event.target.getAttribute("action");
    if (action === "/sign-out") forget(() => true);
    /* What is sent now may be another form: its success says nothing of the one before. */
    try {
      if (byId("menu") && sessionStorage.getItem("kuliss-saving").indexOf(":" + action + ":") < 0) sessionStorage.removeItem("kuliss-saving");
    } catch (error) { /* none was sent before */ }
  });

  function within(selector, root) {
    const found = all(selector, root);
    if (root.matches && root.matches(selector)) found.push(root);
    return found;
  }

  ready((root) => {
    within("[data-refresh][id]", root).forEach((one) => refresh(one, Number(one.getAttribute("data-refresh")) || 60));
    within("textarea[data-count]", root).forEach(counter);
    within("[data-copy]", root).forEach(copier);
  });
  showFaults(document);
  window.kuliss = { say: say, swap: swap, ready: ready, byId: byId, all: all, words: words, lost: lost };
})();
