/* What is typed in a long form and not saved yet lies in this browser, so that a lost network, a network that wants
   a sign-in of its own, a locked browser or a new sign-in costs nobody their text. Needs kuliss.js.
   #unsaved     keys and words of the page, and the part that offers what lies here (house/unsaved.html)
   [data-keep]  a field: its form is kept
   Each opened form has its copy, sealed (AES-GCM) for its person by a key that this page alone has, in memory:
   "kuliss-typed:<person>:<form>:<page>" is "<milliseconds>.<sealed>". kuliss.js throws away what is over.
   kuliss.unsaved.typed(form)        its fields, as they are compared
   kuliss.unsaved.first(form)        the same as the page came; empty when that is stored nowhere
   kuliss.unsaved.keep(form)         promises true when it lies here now, or need not
   kuliss.unsaved.stored(form, text) the server has these fields: here they may go
   kuliss.taking(fields)             the composer's own way to fill its form, with a promise */
(function () {
  "use strict";
  const place = document.getElementById("unsaved");
  if (!window.kuliss || !place || !window.TextEncoder) return;
  const subtle = window.crypto && crypto.subtle;
  const PASSING = ["csrf", "once", "taken", "do", "files", "chosen", "shelf", "find"];
  const LATER = 400, PATIENCE = 10000, coder = new TextEncoder();
  const page = Math.random().toString(36).slice(2), forms = new Map();
  const keys = Promise.all(subtle ? place.getAttribute("data-keys").split(" ").map(unmask) : []);
  place.removeAttribute("data-keys");

  /* Sealing. Without a safe address (https) a browser seals nothing: then nothing is kept here. */

  function bytes(text) {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  }

  function unmask(text) {
    const both = bytes(text), half = both.length / 2;
    return subtle.importKey("raw", both.slice(half).map((one, i) => one ^ both[i]), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  const manner = (name, iv) => ({ name: "AES-GCM", iv: iv, additionalData: coder.encode(name) });

  function seal(name, text) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const signs = (part) => Array.from(part, (one) => String.fromCharCode(one)).join("");
    return keys.then((all) => subtle.encrypt(manner(name, iv), all[0], coder.encode(text)))
      .then((box) => Date.now() + "." + btoa(signs(iv) + signs(new Uint8Array(box))));
  }

  /* What was sealed for somebody else, or by a key that is gone, stays shut. */
  function open(name) {
    const stored = localStorage.getItem(name).split("."), box = bytes(stored[1]);
    const one = (key) => subtle.decrypt(manner(name, box.slice(0, 12)), key, box.slice(12));
    return keys.then((all) => all.reduce((found, key) => found.catch(() => one(key)), Promise.reject()))
      .then((text) => ({ name: name, at: Number(stored[0]), fields: new TextDecoder().decode(text) }), () => null);
  }

  /* Keeping */

  const whose = (form) => form.getAttribute("action") || location.pathname;

  function typed(form) {
    const data = new URLSearchParams();
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && PASSING.indexOf(name) < 0) data.append(name, value);
    });
    return data.toString();
  }

  function keep(form) {
    const state = forms.get(whose(form));
    clearTimeout(state.timer);
    return state.last = state.last.then(() => {
      const now = typed(form), done = now === state.first || now === state.stored;
      form.setAttribute("data-kept", done ? "" : "yes");
      if (done) localStorage.removeItem(state.name);
      return done || seal(state.name, now).then((sealed) => { localStorage.setItem(state.name, sealed); return true; });
    }).catch(() => form.setAttribute("data-kept", ""));
  }

  function changed(event) {
    const form = event.target.form, state = form && forms.get(whose(form));
    if (!state) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => keep(form), LATER);
  }

  /* Offering */

  function fill(form, fields) {
    const left = new URLSearchParams(fields);
    Array.from(form.elements).forEach((one) => {
      if (!one.name || PASSING.indexOf(one.name) >= 0 || /file|submit|button|password/.test(one.type)) return;
      /* Ticked ones have one name together; of the rest each has its own. */
      if (/checkbox|radio/.test(one.type)) one.checked = left.getAll(one.name).indexOf(one.value) >= 0;
      else if (left.has(one.name)) one.value = left.get(one.name);
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function list(part, form, fields) {
    new URLSearchParams(fields).forEach((value, name) => {
      const field = form.elements[name], label = field && field.labels && field.labels[0];
      if (!label || !/^(text|url|date)/.test(field.type) || !value.trim() || value === field.value) return;
      part.appendChild(document.createElement("dt")).textContent = label.firstChild.textContent;
      const said = part.appendChild(document.createElement("dd"));
      said.className = "said";
      said.textContent = value;
    });
  }

  function offer(form, copies) {
    const copy = copies.shift();
    if (!copy) return;
    const part = document.importNode(place.content, true).firstElementChild, line = part.querySelector("p");
    const how = { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false };
    const time = new Date(copy.at).toLocaleString(document.documentElement.lang, how);
    const drop = () => localStorage.removeItem(copy.name);
    const end = () => {
      part.parentNode.removeChild(part);
      const now = document.querySelector("form[action='" + whose(form) + "']") || form;
      now.querySelector("textarea, select, input:not([type=hidden])").focus();
      offer(now, copies);
      return keep(now);
    };
    line.id += copy.name;
    part.setAttribute("aria-labelledby", line.id);
    line.textContent = kuliss.words("unsaved", "words", { time: time });
    list(part.querySelector("dl"), form, copy.fields);
    part.querySelector("[data-take]").addEventListener("click", () => {
      Promise.resolve(form.id === "composer" ? kuliss.taking(copy.fields) : fill(form, copy.fields)).then(end)
        .then((kept) => kept && drop(), () => kuliss.lost(form));
    });
    part.querySelector("[data-drop]").addEventListener("click", () => { drop(); end(); });
    form.parentNode.insertBefore(part, form);
    kuliss.say(line.textContent);
  }

  /* A page with faults on it, or with what somebody else saved, shows what is stored nowhere: it goes on with its copy. */
  function watch(form) {
    if (forms.has(whose(form))) return;
    const head = "kuliss-typed:" + document.body.getAttribute("data-person") + ":" + whose(form) + ":";
    const shown = typed(form), loose = !!document.querySelector(".errors, #theirs") || !!form.elements.taken;
    const state = { name: head + page, first: loose ? "" : shown, last: Promise.resolve() };
    forms.set(whose(form), state);
    /* From which revision it began makes no text another one. */
    const bare = (text) => text.replace(/\brevision=\d+/, "");
    Promise.all(Object.keys(localStorage).filter((name) => name.indexOf(head) === 0).map(open)).then((found) => {
      offer(form, found.filter((copy) => {
        if (!copy || bare(copy.fields) !== bare(shown)) return copy;
        if (loose) state.name = copy.name; else localStorage.removeItem(copy.name);
      }).sort((one, other) => other.at - one.at));
    }).catch(() => { /* a browser that keeps nothing */ });
  }

  /* Sending: not before our own server answers, or the page with the text would be gone for a stranger's. */

  function answers() {
    const ours = fetch("/healthz", { cache: "no-store", redirect: "error" }).then((response) => response.json());
    const late = new Promise((end) => setTimeout(end, PATIENCE, {}));
    return Promise.race([ours, late]).then((told) => told.status === "alive").catch(() => false);
  }

  let passing = null;
  function sent(event) {
    const form = event.target, button = event.submitter, state = forms.get(whose(form));
    if (!state || form === passing || !button || button.formNoValidate || !form.requestSubmit) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (state.asking) return;
    state.asking = true;
    Promise.all([keep(form), answers()]).then((told) => {
      state.asking = false;
      if (!told[1]) { kuliss.lost(form, kuliss.words("unsaved", told[0] ? "offline" : "alone")); return; }
      try { sessionStorage.setItem("kuliss-saving", state.name); } catch (error) { /* then it is offered once more */ }
      passing = form;
      form.requestSubmit(button);
      passing = null;
    });
  }

  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", sent, true);
  kuliss.unsaved = {
    typed: typed, keep: keep,
    first: (form) => forms.get(whose(form)).first,
    stored: (form, text) => { forms.get(whose(form)).stored = text; return keep(form); },
  };
  kuliss.ready((root) => kuliss.all("[data-keep]", root).forEach((field) => { if (field.form) watch(field.form); }));
  kuliss.all("[data-unsaved] p").forEach((line) => kuliss.say(line.textContent));
})();
