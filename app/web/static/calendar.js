/* Kuliss: posts are moved to another day, by pointer or by keyboard. Needs kuliss.js; a form does the same.
   [data-id] a post, [data-day] a day, [data-hour] a free hour of it; #mover is the form that is sent. */
(function () {
  "use strict";
  if (!window.kuliss || !window.PointerEvent) return;

  const FAR = 6, EDGE = 60, STEP = 14;
  const all = kuliss.all, byId = kuliss.byId, say = kuliss.say;
  const days = () => all("#board [data-day]");
  /* what is on its way: {card, day, x, y, far, keys} */
  let held = null;

  function titleOf(card) {
    const title = card.querySelector(".title") || card;
    return title.textContent.trim();
  }

  function mark(day, hour) {
    all("#board .over").forEach((one) => one.classList.remove("over"));
    if (day) (hour || day).classList.add("over");
    if (held) { held.day = day; held.hour = hour; }
  }

  function lift(card, more) {
    held = Object.assign({ card: card, from: card.closest("[data-day]"), day: null, hour: null }, more);
    held.day = held.from;
  }

  function leave() {
    if (!held) return;
    held.card.classList.remove("lifted");
    held = null;
    mark(null, null);
  }

  function put() {
    const form = byId("mover");
    const it = held;
    leave();
    if (!form || !it.day || (it.day === it.from && !it.hour)) { say(kuliss.words("mover-hint", "left")); return; }
    form.setAttribute("action", "/calendar/move/" + it.card.getAttribute("data-id"));
    form.elements.day.value = it.day.getAttribute("data-day");
    form.elements.hour.value = it.hour ? it.hour.getAttribute("data-hour") : "";
    const send = document.createEvent("Event");
    send.initEvent("submit", true, true);
    form.dispatchEvent(send);
  }

  /* By pointer: a mouse takes a post anywhere, a finger at its handle, or the page could not be scrolled. */

  function under(event) {
    const spot = document.elementFromPoint(event.clientX, event.clientY);
    mark(spot && spot.closest("#board [data-day]"), spot && spot.closest("#board [data-hour]"));
  }

  document.addEventListener("pointerdown", (event) => {
    const card = event.button === 0 && event.isPrimary && event.target.closest("#board [data-id]");
    if (!card || held) return;
    if (event.pointerType !== "mouse" && !event.target.closest(".mover")) return;
    lift(card, { x: event.clientX, y: event.clientY, far: false, pointer: event.pointerId });
  });

  document.addEventListener("pointermove", (event) => {
    if (!held || held.keys || event.pointerId !== held.pointer) return;
    if (!held.far && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    held.far = true;
    held.card.classList.add("lifted");
    event.preventDefault();
    under(event);
    if (event.clientY < EDGE) window.scrollBy(0, -STEP);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
  });

  document.addEventListener("pointerup", (event) => {
    if (!held || held.keys || event.pointerId !== held.pointer) return;
    if (!held.far) { leave(); return; }
    under(event);
    swallow();
    put();
  });
  document.addEventListener("pointercancel", () => { if (held && !held.keys) leave(); });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest && event.target.closest("#board [data-id]")) event.preventDefault();
  });

  /* The click that ends a drag opens no page. */
  function swallow() {
    const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", stop, true), 50);
  }

  /* By keyboard */

  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  function go(steps) {
    const list = days();
    const at = list.indexOf(held.day);
    const to = Math.min(list.length - 1, Math.max(0, at + steps));
    mark(list[to], null);
    list[to].scrollIntoView({ block: "nearest" });
    say(list[to].getAttribute("data-name"));
  }

  function begin(card) {
    lift(card, { keys: true });
    card.classList.add("lifted");
    mark(held.from, null);
    say(kuliss.words("mover-hint", "lifted", { title: titleOf(card) }));
  }

  function carry(event) {
    if (event.key in STEPS) go(STEPS[event.key]);
    else if (event.key === "Enter") put();
    else if (event.key === "Escape" || event.key === "Tab") { leave(); say(kuliss.words("mover-hint", "left")); }
    else return;
    if (event.key !== "Tab") event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (held && held.keys) { carry(event); return; }
    if (held && event.key === "Escape") { leave(); return; }
    const card = event.target.closest && event.target.closest("#board [data-id]");
    if (card && (event.key === "m" || event.key === "M")) { event.preventDefault(); begin(card); }
  });

  kuliss.ready(() => {
    const hint = byId("mover-hint");
    if (hint) hint.hidden = !document.querySelector("#board [data-id]");
    all("[data-print]").forEach((one) => { one.hidden = false; one.onclick = () => window.print(); });
  });
})();
