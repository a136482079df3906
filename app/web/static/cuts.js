/* The parts of a picture: what networks show of it, and what must stay in view. Needs kuliss.js; forms do the same
   without a script.
   [data-focal]: a picture and two fields  [data-crop]: four fields, a view, a [data-cut]; once it can be seen */
(function () {
  "use strict";
  if (!window.kuliss) return;
  const all = kuliss.all;
  const phrase = (name, values) => kuliss.words("picture-words", name, values);
  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

  /* Boxes are shares of a picture: {x, y, w, h}. */

  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const percent = (share) => Math.round(share * 1000) / 10;
  let speaking = 0;

  function speakLater(words) {
    clearTimeout(speaking);
    speaking = setTimeout(() => kuliss.say(words), 500);
  }

  /* A handle for mouse, finger and keys: onDrag(x, y, event) and onPoint(x, y) in shares, onKey(dx, dy, shift). */
  function handle(stage, name, words, onDrag, onKey, onPoint) {
    const made = document.createElement("div");
    made.className = name;
    made.tabIndex = 0;
    made.setAttribute("role", "application");
    made.setAttribute("aria-label", words);
    stage.appendChild(made);
    let held = false;
    const point = (event) => {
      const area = stage.getBoundingClientRect();
      return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
    };
    made.addEventListener("pointerdown", (event) => {
      held = true;
      stage.setPointerCapture(event.pointerId);
      event.preventDefault();
      made.focus({ preventScroll: true });
      onDrag.apply(null, point(event).concat(event));
    });
    stage.addEventListener("pointermove", (event) => { if (held) onDrag.apply(null, point(event).concat(event)); });
    ["pointerup", "pointercancel"].forEach((one) => stage.addEventListener(one, () => { held = false; }));
    if (onPoint) stage.addEventListener("click", (event) => onPoint.apply(null, point(event)));
    made.addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      onKey(step[0], step[1], event.shiftKey);
    });
    return made;
  }

  /* As domain/pictures.py cuts. */
  function automatic(facts, point) {
    const now = facts.width / facts.height;
    const wanted = clamp(now, facts.least || now, facts.most || now);
    const w = Math.min(1, wanted / now), h = Math.min(1, now / wanted);
    return { x: clamp(point[0] - w / 2, 0, 1 - w), y: clamp(point[1] - h / 2, 0, 1 - h), w: w, h: h };
  }

  /* Brought into the picture and the shapes that are taken; what grew takes the other side along. */
  function fit(box, facts, grew) {
    const side = facts.width / facts.height;
    let w = clamp(box.w, 0.05, 1), h = clamp(box.h, 0.05, 1);
    const now = side * w / h;
    const wanted = clamp(now, facts.least || now, facts.most || now);
    if (!!grew === now > wanted) h = side * w / wanted;
    else w = h * wanted / side;
    const over = Math.max(1, w, h);
    w /= over;
    h /= over;
    return { x: clamp(box.x, 0, 1 - w), y: clamp(box.y, 0, 1 - h), w: w, h: h };
  }

  function factsOf(element) {
    const number = (name) => Number(element.getAttribute("data-" + name)) || 0;
    return { width: number("width"), height: number("height"), least: number("least"), most: number("most") };
  }

  function paint(figure, image, box) {
    if (!image.complete || !image.naturalWidth) {
      image.addEventListener("load", () => paint(figure, image, box), { once: true });
      return;
    }
    const shown = figure.querySelector("img");
    let canvas = figure.querySelector("canvas");
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", shown.alt);
      shown.hidden = true;
      figure.insertBefore(canvas, shown);
    }
    const wide = image.naturalWidth, high = image.naturalHeight;
    canvas.width = 480;
    canvas.height = Math.max(1, Math.round(480 * (box.h * high) / (box.w * wide)));
    canvas.getContext("2d").drawImage(image, box.x * wide, box.y * high, box.w * wide, box.h * high,
      0, 0, canvas.width, canvas.height);
  }

  function focalPoint(element) {
    const fields = all("input[type=number]", element);
    const stage = element.querySelector(".stage");
    const image = stage.querySelector("img");
    const read = () => fields.map((field) => clamp(Number(field.value) / 100 || 0, 0, 1));
    const tell = () => phrase("point", { x: Math.round(read()[0] * 100), y: Math.round(read()[1] * 100) });
    const set = (x, y) => {
      [x, y].forEach((share, place) => { fields[place].value = Math.round(clamp(share, 0, 1) * 100); });
      show();
    };
    const dot = handle(stage, "dot", "", set, (x, y, far) => {
      const now = read(), step = far ? 0.1 : 0.01;
      set(now[0] + x * step, now[1] + y * step);
      speakLater(tell());
    }, set);
    let first = true;
    function show() {
      const point = read();
      dot.style.left = point[0] * 100 + "%";
      dot.style.top = point[1] * 100 + "%";
      dot.setAttribute("aria-label", tell() + " " + phrase("point-keys"));
      if (!first) all("[data-cut]").forEach((figure) => paint(figure, image, automatic(factsOf(figure), point)));
      first = false;
    }
    all("[data-plain]", element).forEach((one) => { one.hidden = true; one.disabled = true; });
    all("[data-fine]", element).forEach((one) => { one.hidden = false; one.disabled = false; });
    stage.classList.add("live");
    fields.forEach((field) => field.addEventListener("input", show));
    show();
  }

  function crop(element) {
    element.setAttribute("data-live", "");
    const facts = factsOf(element);
    const fields = all("input[type=number]", element);
    const figure = element.querySelector("[data-cut]");
    const point = ["x", "y"].map((side) => Number(element.getAttribute("data-focal-" + side)));
    const stage = document.createElement("div");
    const image = new Image();
    image.alt = "";
    image.src = element.getAttribute("data-view");
    stage.className = "stage live";
    stage.appendChild(image);
    element.insertBefore(stage, element.querySelector("[data-numbers]"));

    const chosen = () => fields.every((field) => field.value.trim() !== "");
    const read = () => fields.map((field) => Number(field.value) / 100 || 0);
    const box = () => {
      const now = read();
      return chosen() ? fit({ x: now[0], y: now[1], w: now[2], h: now[3] }, facts) : automatic(facts, point);
    };
    const set = (wanted, grew) => {
      const now = fit(wanted, facts, grew);
      [now.x, now.y, now.w, now.h].forEach((share, place) => { fields[place].value = percent(share); });
      show();
      fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    };
    let from = null;
    const drag = (x, y, event) => {
      const now = box();
      const grip = event.type === "pointerdown";
      if (grip) from = { x: x, y: y, box: now, sizes: event.target.className === "grip" };
      const was = from.box, dx = x - from.x, dy = y - from.y;
      if (grip) return;
      if (from.sizes) set({ x: was.x, y: was.y, w: was.w + dx, h: was.h + dy }, dx + dy > 0);
      else set({ x: was.x + dx, y: was.y + dy, w: was.w, h: was.h });
    };
    const frame = handle(stage, "cutout", phrase("part-keys"), drag, (x, y, sizes) => {
      const now = box(), step = 0.01;
      if (sizes) set({ x: now.x, y: now.y, w: now.w + x * step, h: now.h + y * step }, x + y > 0);
      else set({ x: now.x + x * step, y: now.y + y * step, w: now.w, h: now.h });
      const at = box();
      speakLater(phrase("part", { x: Math.round(at.x * 100), y: Math.round(at.y * 100),
        w: Math.round(at.w * 100), h: Math.round(at.h * 100) }));
    });
    frame.appendChild(document.createElement("span")).className = "grip";

    let first = true;
    function show() {
      const now = box();
      frame.style.left = now.x * 100 + "%";
      frame.style.top = now.y * 100 + "%";
      frame.style.width = now.w * 100 + "%";
      frame.style.height = now.h * 100 + "%";
      frame.style.touchAction = now.w * now.h > 0.99 ? "auto" : "none";
      if (figure && !first) paint(figure, image, now);
      first = false;
    }
    fields.forEach((field) => {
      field.addEventListener("input", (event) => { if (event.isTrusted) show(); });
      field.addEventListener("change", () => { if (chosen()) set(box()); });
    });
    const none = element.querySelector("[data-automatic]");
    if (none) {
      none.hidden = false;
      none.addEventListener("click", () => {
        fields.forEach((field) => { field.value = ""; });
        show();
        fields[0].dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    show();
  }

  /* form[data-moment]: the moment that the video above shows becomes the cover. */
  function moment(form) {
    const video = document.getElementById("video");
    const now = form.querySelector("[data-now]");
    now.hidden = !video || !video.play;
    now.addEventListener("click", () => {
      form.querySelector("[name=seconds]").value = video.currentTime.toFixed(2);
      form.submit();
    });
  }

  /* A picture is fetched when somebody opens its part, not ten with the page. */
  function crops(root) {
    all("[data-crop]:not([data-live])", root).filter((one) => !one.closest("details:not([open])")).forEach(crop);
  }

  document.addEventListener("toggle", (event) => crops(event.target), true);
  kuliss.ready((root) => {
    all("[data-focal]", root).forEach(focalPoint);
    all("[data-moment]", root).forEach(moment);
    crops(root);
  });
})();
