/** Curves over time in one SVG. Holds the whole session: when there are too many points, neighbours become one. */

const SVG = "http://www.w3.org/2000/svg";
const LEFT = 52;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const MOST_POINTS = 480;

export function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential(2);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  return size >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(4);
}

function tick(value) {
  return Math.abs(value) >= 1000 ? figure(value) : String(Number(value.toPrecision(3)));
}

/** Means over equal stretches of time, which double when there are too many. */
class Means {
  constructor(keys) {
    this.keys = keys;
    this.width = 100;
    this.points = [];
  }

  add(time, record) {
    const slot = Math.floor(time / this.width);
    let last = this.points.at(-1);
    if (!last || last.slot < slot) {
      last = { slot, sums: this.keys.map(() => 0), counts: this.keys.map(() => 0) };
      this.points.push(last);
    }
    this.keys.forEach((key, i) => {
      const value = key(record);
      if (Number.isFinite(value)) {
        last.sums[i] += value;
        last.counts[i] += 1;
      }
    });
    if (this.points.length > MOST_POINTS) this.halve();
  }

  halve() {
    this.width *= 2;
    const joined = [];
    for (const point of this.points) {
      const slot = Math.floor(point.slot / 2);
      const last = joined.at(-1);
      if (last && last.slot === slot) {
        point.sums.forEach((sum, i) => {
          last.sums[i] += sum;
          last.counts[i] += point.counts[i];
        });
      } else {
        joined.push({ ...point, slot });
      }
    }
    this.points = joined;
  }

  time(point) {
    return (point.slot + 0.5) * this.width;
  }

  value(point, i) {
    return point.counts[i] ? point.sums[i] / point.counts[i] : NaN;
  }
}

export class Chart {
  /** @param series [{label, of: record → number}], at most two; @param log whether the scale is logarithmic */
  constructor(title, series, { log = false } = {}) {
    this.title = title;
    this.series = series;
    this.log = log;
    this.means = new Means(series.map((each) => each.of));
    this.events = [];
    this.cursor = null;
    this.build();
  }

  build() {
    this.element = document.createElement("figure");
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "img");
    const caption = document.createElement("figcaption");
    const name = document.createElement("strong");
    name.textContent = this.title;
    caption.append(name);
    this.keys = this.series.map((each, i) => {
      const key = document.createElement("span");
      key.className = i ? "key second" : "key";
      caption.append(key);
      return key;
    });
    this.svg = node("svg", { "aria-hidden": "true" });
    this.element.append(caption, this.svg);
    new ResizeObserver(() => this.draw()).observe(this.svg);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.moveTo(null));
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("blur", () => this.moveTo(null));
  }

  add(time, record) {
    this.means.add(time, record);
  }

  mark(time) {
    this.events.push(time);
    if (this.events.length > 50) this.events.shift();
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    this.moveTo(Math.round(Math.min(1, Math.max(0, share)) * (this.means.points.length - 1)));
  }

  key(event) {
    const end = this.means.points.length - 1;
    const at = this.cursor ?? end;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: end, Escape: null }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.moveTo(to === null ? null : Math.min(end, Math.max(0, to)));
  }

  moveTo(index) {
    this.cursor = index;
    this.draw();
  }

  draw() {
    const { points } = this.means;
    if (points.length === 0) return;
    const shown = points[Math.min(this.cursor ?? points.length - 1, points.length - 1)];
    const words = this.series.map((each, i) => `${each.label} ${figure(this.means.value(shown, i))}`);
    this.keys.forEach((key, i) => { key.textContent = words[i]; });
    const when = new Date(this.means.time(shown)).toLocaleTimeString();
    this.element.setAttribute("aria-label", `${this.title}: ${words.join(", ")} at ${when}`);

    const width = Math.max(this.svg.clientWidth, 2 * LEFT);
    const height = Math.max(this.svg.clientHeight, 4 * BOTTOM);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const from = this.means.time(points[0]);
    const to = Math.max(this.means.time(points.at(-1)), from + 1);
    const x = (time) => LEFT + (time - from) / (to - from) * (width - LEFT - RIGHT);
    const { low, high } = this.range(points);
    const scale = (value) => (this.log ? Math.log10(value) : value);
    const y = (value) => TOP + (high - scale(value)) / (high - low) * (height - TOP - BOTTOM);

    const parts = [];
    for (let i = 0; i <= 3; i++) {
      const level = low + (high - low) * i / 3;
      const at = TOP + (high - level) / (high - low) * (height - TOP - BOTTOM);
      parts.push(node("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }));
      parts.push(label(tick(this.log ? 10 ** level : level), LEFT - 6, at + 4, "end"));
    }
    parts.push(label(new Date(from).toLocaleTimeString(), LEFT, height - 5, "start"));
    parts.push(label(new Date(to).toLocaleTimeString(), width - RIGHT, height - 5, "end"));
    for (const time of this.events.filter((each) => each >= from)) {
      const at = x(Math.min(time, to));
      parts.push(node("line", { class: "event", x1: at, x2: at, y1: TOP, y2: height - BOTTOM }));
    }
    this.series.forEach((_, i) => {
      parts.push(node("path", { class: i ? "curve second" : "curve", d: this.path(points, i, x, y) }));
    });
    if (this.cursor !== null) {
      const at = x(this.means.time(shown));
      parts.push(node("line", { class: "cursor", x1: at, x2: at, y1: TOP, y2: height - BOTTOM }));
    }
    this.svg.replaceChildren(...parts);
  }

  path(points, i, x, y) {
    let path = "";
    let pen = false;
    for (const point of points) {
      const value = this.means.value(point, i);
      if (!Number.isFinite(value) || (this.log && value <= 0)) {
        pen = false;
        continue;
      }
      path += `${pen ? "L" : "M"}${x(this.means.time(point)).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = true;
    }
    return path;
  }

  range(points) {
    let low = Infinity;
    let high = -Infinity;
    for (const point of points) {
      for (let i = 0; i < this.series.length; i++) {
        const value = this.means.value(point, i);
        if (!Number.isFinite(value) || (this.log && value <= 0)) continue;
        const at = this.log ? Math.log10(value) : value;
        low = Math.min(low, at);
        high = Math.max(high, at);
      }
    }
    if (low > high) return { low: 0, high: 1 };
    const room = high === low ? Math.max(Math.abs(low) * 0.1, 0.5) : (high - low) * 0.05;
    return { low: !this.log && low >= 0 ? Math.max(0, low - room) : low - room, high: high + room };
  }
}

function node(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function label(text, x, y, anchor) {
  const element = node("text", { class: "tick", x, y, "text-anchor": anchor });
  element.textContent = text;
  return element;
}
