// Runs generator.onnx, with a control for each input that page.json lists.
const $ = (id) => document.getElementById(id);
const NONE = 3;  // where the slider of truncation ends: nothing is drawn again
const LARGEST = 512 * 512;  // pixels of a picture that a network takes whole

const add = (parent, tag, properties = {}) =>
  parent.appendChild(Object.assign(document.createElement(tag), properties));

function group(title) {
  const set = add($("controls"), "fieldset");
  add(set, "legend", { textContent: title });
  return set;
}

function slider(parent, name, [low, high, step], value, changed, text = (x) => x.toFixed(2)) {
  const label = add(parent, "label", { className: "slider" });
  add(label, "span", { textContent: name });
  const input = add(label, "input", { type: "range", min: low, max: high, step });
  const output = add(label, "span", { className: "value" });
  const show = (x) => { input.value = x; output.textContent = text(Number(x)); };
  input.oninput = () => { show(input.value); changed(Number(input.value)); };
  show(value);
  return show;
}

function choices(parent, names, chosen, changed) {
  const row = add(parent, "div", { className: "row" });
  const buttons = names.map((name, i) =>
    add(row, "button", { type: "button", textContent: name, onclick: () => { press(i); changed(i); } }));
  const press = (i) => buttons.forEach((b, k) => b.setAttribute("aria-pressed", k === i));
  press(chosen);
  return press;
}

// Mulberry32, and Box and Muller: the same seed, the same numbers.
function randomNumbers(seed) {
  let a = seed >>> 0;
  const uniform = () => {
    a = (a + 0x6D2B79F5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

// HashedLatents of keras_gans.modalities: what its `generate` draws of a seed.
function hashedNumbers(seed) {
  const hash = (x) => {
    x = Math.imul(x ^ (x >>> 16), 0x21F0AAAD);
    x = Math.imul(x ^ (x >>> 15), 0x735A2D97);
    return (x ^ (x >>> 15)) >>> 0;
  };
  const start = hash(hash(seed + 1) ^ 0x5851F42D);
  const uniform = (place) => hash(hash(place) ^ start) / 4294967296;
  return (i) => Math.sqrt(-2 * Math.log(uniform(2 * i) + 2 ** -32)) * Math.cos(2 * Math.PI * uniform(2 * i + 1));
}

// A control has tensor(), and where it is drawn draw(random) and walkTo(other, share).
const kinds = {
  latents(taken) {
    const dim = taken.shape[0];
    const noise = taken.noise_dim ?? dim, categories = taken.num_categories ?? 0;
    const values = new Float32Array(dim), shows = [];
    let threshold = NONE, pressed = () => {};
    const set = group(noise < dim ? "Codes" : "Latents");
    if (categories) {
      const names = Array.from({ length: categories }, (_, i) => String(i));
      pressed = choices(set, names, 0, (i) => { values.fill(0, noise, noise + categories); values[noise + i] = 1; run(); });
    }
    for (let i = noise + categories; i < dim; i++) {
      shows[i] = slider(set, `code ${i - noise - categories}`, [-2, 2, 0.01], 0, (x) => { values[i] = x; run(); });
    }
    let shown = 0;
    const list = add(set, "div"), more = add(set, "button", { type: "button", textContent: "More" });
    more.onclick = () => {
      const end = Math.min(noise, shown + 8);
      for (; shown < end; shown++) {
        const i = shown;
        shows[i] = slider(list, `z${i}`, [-4, 4, 0.01], values[i], (x) => { values[i] = x; run(); });
      }
      more.hidden = shown === noise;
    };
    more.onclick();
    if (taken.truncates) {
      slider(set, "truncation", [0.1, NONE, 0.1], NONE, (x) => { threshold = x; draw(); run(); },
        (x) => x < NONE ? x.toFixed(1) : "none");
    }
    let seed = 0;
    function numbers(from) {
      const random = randomNumbers(from), made = new Float32Array(dim);
      const hashed = hashedNumbers(from);
      for (let i = 0; i < noise; i++) {
        if (taken.hashed) made[i] = hashed(i);
        else do made[i] = random.normal(); while (threshold < NONE && Math.abs(made[i]) > threshold);
      }
      if (categories) made[noise + Math.floor(random.uniform() * categories)] = 1;
      for (let i = noise + categories; i < dim; i++) made[i] = 2 * random.uniform() - 1;
      return made;
    }
    function show(made) {
      values.set(made);
      shows.forEach((f, i) => f?.(values[i]));
      if (categories) pressed(values.subarray(noise, noise + categories).indexOf(1));
    }
    const draw = (from = seed) => show(numbers(seed = from));
    function walkTo(from, to, share) {  // along a great circle
      const a = numbers(from), b = numbers(to), made = a.slice();
      let dot = 0, aa = 0, bb = 0;
      for (let i = 0; i < noise; i++) { dot += a[i] * b[i]; aa += a[i] ** 2; bb += b[i] ** 2; }
      const angle = Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb)))) || 1e-6;
      const [p, q] = [Math.sin((1 - share) * angle), Math.sin(share * angle)].map((x) => x / Math.sin(angle));
      for (let i = 0; i < noise; i++) made[i] = p * a[i] + q * b[i];
      for (let i = noise; i < dim; i++) made[i] = values[i];
      show(made);
    }
    const tensor = (of) => new ort.Tensor("float32", of.slice(), [1, dim]);
    return { draw, walkTo, tensor: () => tensor(values), tensorOf: (from) => tensor(numbers(from)) };
  },

  classes(taken) {
    let chosen = 0;
    const names = taken.names ?? Array.from({ length: taken.num_classes }, (_, i) => String(i));
    choices(group("Class"), names, 0, (i) => { chosen = i; run(); });
    return { tensor: () => new ort.Tensor("int32", Int32Array.of(chosen), [1]) };
  },

  async words(taken) {
    const { tokenizer } = await import("./tokenizer.js");
    const tokenize = tokenizer(await (await fetch("vocabulary.json")).json());
    const set = group("Say what to draw");
    const input = add(set, "input", { type: "text", value: taken.examples[0], oninput: () => run() });
    input.setAttribute("aria-label", "Say what to draw");
    input.style.width = "100%";
    const row = add(set, "div", { className: "row" });
    for (const example of taken.examples) {
      add(row, "button", { type: "button", textContent: example, onclick: () => { input.value = example; run(); } });
    }
    const missing = `No word of this is known. For instance: ${taken.examples.join("; ")}`;
    function tensor() {
      const ids = tokenize(input.value);
      return ids[0] === 1 ? null : new ort.Tensor("int32", ids, [1, ids.length]);
    }
    return { tensor, missing };
  },

  truncation() {
    let psi = 1;
    slider(group("Truncation"), "psi", [0, 1.5, 0.05], 1, (x) => { psi = x; run(); });
    return { tensor: () => new ort.Tensor("float32", Float32Array.of(psi), [1]) };
  },

  vector(taken) {
    const values = Float32Array.from(taken.start);
    const set = group("Condition");
    values.forEach((start, i) => slider(
      set, taken.names?.[i] ?? String(i), [taken.low[i], taken.high[i], taken.step[i]], start,
      (x) => { values[i] = x; run(); }));
    return { tensor: () => new ort.Tensor("float32", values.slice(), [1, values.length]) };
  },

  picture(taken) {
    const set = group("Your picture");
    const input = add(set, "input", { type: "file", accept: "image/*" });
    input.setAttribute("aria-label", "Your picture");
    const canvas = add(set, "canvas", { width: taken.shape[1], height: taken.shape[0], id: "given" });
    let given = null;
    input.onchange = async () => {
      try {
        given = read(await createImageBitmap(input.files[0]), taken, canvas);
      } catch (error) {
        return say(`This file cannot be read as a picture: ${error.message}`, true);
      }
      await run();
    };
    return { tensor: () => given };
  },

  mask(taken) {
    const [height, width] = taken.shape, values = new Float32Array(height * width);
    const set = group("What to fill in: draw on your picture");
    add(set, "button", { type: "button", textContent: "Clear", onclick: () => { values.fill(0); repaint(); run(); } });
    const canvas = $("given"), radius = Math.max(1, Math.round(width / 20));
    const over = add(canvas.parentElement, "canvas", { width, height, className: "brush" });
    Object.assign(over.style, { position: "absolute", inset: 0, border: "none" });
    const both = add(set, "div");
    both.style.position = "relative";
    both.append(canvas, over);
    function repaint() {
      const picture = new ImageData(width, height);
      values.forEach((x, i) => { if (x) picture.data.set([220, 38, 38, 170], 4 * i); });
      over.getContext("2d").putImageData(picture, 0, 0);
    }
    over.onpointermove = over.onpointerdown = (event) => {
      if (!event.buttons) return;
      const box = over.getBoundingClientRect();
      const column = (event.clientX - box.left) / box.width * width, row = (event.clientY - box.top) / box.height * height;
      for (let i = 0; i < values.length; i++) {
        if (Math.hypot(i % width - column, Math.floor(i / width) - row) <= radius) values[i] = 1;
      }
      repaint();
    };
    over.onpointerup = () => run();
    return { tensor: () => new ort.Tensor("float32", values.slice(), [1, height, width, 1]) };
  },
};

// Cuts a picture to the shape, evenly, over white; one that a network takes whole keeps its size.
function read(bitmap, taken, canvas) {
  let [height, width, channels] = taken.shape, cut = [0, 0, bitmap.width, bitmap.height];
  if (taken.any_size) {
    const scale = Math.min(1, Math.sqrt(LARGEST / (bitmap.width * bitmap.height)));
    [width, height] = [bitmap.width, bitmap.height].map((x) => Math.max(1, Math.floor(scale * x)));
  } else {
    const scale = Math.min(bitmap.width / width, bitmap.height / height);
    const [w, h] = [scale * width, scale * height];
    cut = [(bitmap.width - w) / 2, (bitmap.height - h) / 2, w, h];
  }
  Object.assign(canvas, { width, height });
  canvas.classList.toggle("small", width < 200);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, ...cut, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Float32Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const rgba = data.subarray(4 * i, 4 * i + 4);
    const levels = channels === 1 ? [Math.round(0.299 * rgba[0] + 0.587 * rgba[1] + 0.114 * rgba[2])] : rgba;
    for (let c = 0; c < channels; c++) values[i * channels + c] = levels[c] / 127.5 - 1;
  }
  return new ort.Tensor("float32", values, [1, height, width, channels]);
}

function paint({ dims: [, height, width, channels], data }) {
  const picture = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 4; c++) {
      // One channel is grey, four have their own opacity. ImageData clips and rounds.
      picture.data[4 * i + c] = c === 3 && channels < 4
        ? 255 : (data[i * channels + Math.min(c, channels - 1)] + 1) * 127.5;
    }
  }
  const canvas = $("picture");
  Object.assign(canvas, { width, height });
  canvas.classList.toggle("small", width < 200);
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function say(text, isError = false) {
  $("status").textContent = text;
  $("status").classList.toggle("error", isError);
}

let session, page, controls = {}, busy = false, again = false;

async function run() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      const feeds = Object.fromEntries(Object.entries(controls).map(([name, c]) => [name, c.tensor()]));
      const empty = Object.keys(feeds).find((name) => feeds[name] === null);
      if (empty) { say(controls[empty].missing ?? "Choose a picture."); break; }
      const start = performance.now();
      const layers = mixing?.layers() ?? [];
      const { made, lent } = layers.length
        ? await mixing.image(feeds, layers) : { made: await session.run(feeds) };
      const image = made[page.makes];
      if (!image.data.every(Number.isFinite)) throw new Error("the generator refuses these inputs");
      paint(image);
      window.made = { feeds, image, lent };  // for tests, and for curious people
      say(`${image.dims[2]}×${image.dims[1]}, ${(performance.now() - start).toFixed(0)} ms`);
      $("download").disabled = false;
    } while (again);
  } catch (error) {
    say(String(error.message ?? error), true);
  } finally {
    busy = false;
  }
}

// Layers whose styles another seed lends: Karras et al. 2019, figure 3.
let mixing = null;
function mixingControls(groups) {
  const set = group("Styles of another seed"), row = add(set, "div", { className: "row" });
  const input = add(row, "input", { type: "number", min: 0, max: 2147483647, step: 1, value: 1 });
  input.setAttribute("aria-label", "Seed of the other styles");
  const taken = new Set();
  for (const [name, layers] of Object.entries(groups)) {
    const button = add(row, "button", { type: "button", textContent: name, onclick: () => {
      taken.delete(name) || taken.add(name);
      button.setAttribute("aria-pressed", taken.has(name));
      run();
    } });
    button.setAttribute("aria-pressed", false);
  }
  input.oninput = () => input.checkValidity() && input.value !== "" ? run()
    : say("A seed is a whole number from 0 to 2147483647.", true);
  let mapping = null, synthesis = null;
  mixing = {
    layers: () => Object.keys(groups).filter((name) => taken.has(name)).flatMap((name) => groups[name]),
    async image(feeds, layers) {
      mapping ??= await ort.InferenceSession.create("mapping.onnx");
      synthesis ??= await ort.InferenceSession.create("synthesis.onnx");
      const latents = controls.latents.tensorOf(Number(input.value));
      const { styles } = await mapping.run(feeds);
      const { styles: other } = await mapping.run({ ...feeds, latents });
      const [, , dim] = styles.dims, mixed = styles.data.slice();
      for (const i of layers) mixed.set(other.data.subarray(i * dim, (i + 1) * dim), i * dim);
      const made = await synthesis.run({ styles: new ort.Tensor("float32", mixed, styles.dims) });
      return { made, lent: { latents, layers } };
    },
  };
}

function seedControls(drawn) {
  const row = add(group("Seed"), "div", { className: "row" });
  const input = add(row, "input", { type: "number", min: 0, max: 2147483647, step: 1, value: 0 });
  input.setAttribute("aria-label", "Seed");
  const draw = () => {
    if (!input.checkValidity() || input.value === "") return say("A seed is a whole number from 0 to 2147483647.", true);
    drawn.forEach((c) => c.draw(Number(input.value)));
    return run();
  };
  input.oninput = draw;
  add(row, "button", { type: "button", textContent: "Another one", onclick: () => { input.value = Math.floor(Math.random() * 2 ** 31); draw(); } });
  const button = add(row, "button", { type: "button", textContent: "Walk" });
  let walking = false;
  button.onclick = async () => {
    walking = !walking;
    button.setAttribute("aria-pressed", walking);
    while (walking) {
      const from = Number(input.value), to = Math.floor(Math.random() * 2 ** 31);
      for (let step = 1; step <= 48 && walking; step++) {
        drawn.forEach((c) => c.walkTo(from, to, step / 48));
        await Promise.all([run(), new Promise((done) => setTimeout(done, 40))]);
        if (step === 48) input.value = to;
      }
    }
  };
  drawn.forEach((c) => c.draw(0));
}

$("download").onclick = () => $("picture").toBlob((blob) => {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "generated.png" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
$("controls").onsubmit = () => false;

try {
  page = await (await fetch("page.json")).json();
  document.title = $("title").textContent = page.title;
  const [mjs, wasm] = ["js", "wasm"].map((end) => new URL(`ort/ort-wasm-simd-threaded.${end}`, location.href).href);
  Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: { mjs, wasm } });
  session = await ort.InferenceSession.create("generator.onnx");
  for (const taken of page.takes) controls[taken.name] = await kinds[taken.kind](taken);
  if (page.mixing) mixingControls(page.mixing);
  const drawn = Object.values(controls).filter((c) => c.draw);
  if (drawn.length) { seedControls(drawn); $("controls").prepend($("controls").lastElementChild); }
  await run();
  document.body.dataset.ready = "yes";
} catch (error) {
  say(`This page could not start: ${error.message ?? error}`, true);
}
