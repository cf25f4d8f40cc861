import { Chart, figure } from "/chart.js";

const FRAME = 200;
const LAYER_COLUMNS = [
  ["grad_norm", "gradient norm"], ["weight_norm", "weight norm"], ["update_ratio", "update ratio"],
  ["dead_units", "dead units"], ["saturation", "saturation"], ["signal_to_noise", "signal to noise"],
];

const byId = (id) => document.getElementById(id);
const score = (record, name) => record.progressive?.[`recent_${name}`] ?? record.progressive?.[name];

const charts = [
  new Chart("Loss", [
    { label: "of a step", of: (record) => record.loss },
    { label: "progressive", of: (record) => score(record, "loss") },
  ]),
  new Chart("Score", [
    { label: "accuracy", of: (record) => score(record, "accuracy") },
    { label: "AUC", of: (record) => score(record, "auc") },
  ]),
  new Chart("Gradient norm", [
    { label: "raw", of: (record) => record.grad_norm },
    { label: "clipped", of: (record) => record.grad_norm_clipped },
  ], { log: true }),
  new Chart("Rows per second", [{ label: "of late", of: (record) => record.rows_per_second }]),
  new Chart("Lag", [{ label: "records", of: (record) => record.lag }]),
  new Chart("Version", [{ label: "published", of: (record) => record.version }]),
];
byId("charts").append(...charts.map((chart) => chart.element));

let newest = null;
let dirty = false;
let missed = 0;
let checkpointTime = null;

function take(record) {
  const time = Date.parse(record.time);
  if (record.event) {
    charts.forEach((chart) => chart.mark(time));
    tell(record, time);
  } else {
    charts.forEach((chart) => chart.add(time, record));
    newest = record;
  }
  dirty = true;
}

function tell(record, time) {
  const { event, step, version, time: _, ...fields } = record;
  const item = document.createElement("li");
  const when = document.createElement("time");
  when.dateTime = record.time;
  when.textContent = new Date(time).toLocaleTimeString();
  const what = document.createElement("strong");
  what.textContent = ` ${event} `;
  const more = document.createElement("span");
  more.className = "fields";
  more.textContent = [`step ${step}`, `version ${version}`]
    .concat(Object.entries(fields).map(([name, value]) => `${name} ${typeof value === "number" ? figure(value) : value}`))
    .join(" · ");
  item.append(when, what, more);
  const list = byId("events");
  list.querySelector(".none")?.remove();
  list.prepend(item);
  while (list.children.length > 100) list.lastElementChild.remove();
}

function show() {
  if (!dirty || document.hidden) return;
  dirty = false;
  charts.forEach((chart) => chart.draw());
  if (newest) {
    byId("figure-version").textContent = figure(newest.version);
    byId("figure-step").textContent = figure(newest.step);
    byId("figure-rows").textContent = figure(newest.rows);
    byId("figure-rate").textContent = figure(newest.rows_per_second);
    byId("figure-lag").textContent = figure(newest.lag);
    byId("figure-loss").textContent = figure(score(newest, "loss"));
    showLayers(newest.layers ?? {});
  }
  byId("missed").textContent = missed ? `${missed.toLocaleString("en")} records were too fast for this page` : "";
}

function showLayers(layers) {
  const all = Object.entries(layers);
  if (all.length === 0) return;
  const columns = LAYER_COLUMNS.filter(([key]) => all.some(([, figures]) => key in figures));
  byId("layers").tHead.replaceChildren(row("th", ["tensor", ...columns.map(([, title]) => title)], "col"));
  byId("layers").tBodies[0].replaceChildren(
    ...all.map(([name, figures]) => row("td", [name, ...columns.map(([key]) => figure(figures[key]))])));
}

function row(kind, texts, scope) {
  const element = document.createElement("tr");
  texts.forEach((text, i) => {
    const cell = document.createElement(i === 0 ? "th" : kind);
    if (scope || i === 0) cell.scope = scope ?? "row";
    cell.textContent = text;
    element.append(cell);
  });
  return element;
}

function badge(state, reason) {
  byId("state").textContent = state;
  byId("state").className = `badge ${state}`;
  byId("reason").textContent = reason;
}

async function look() {
  try {
    const status = await (await fetch("/api/status")).json();
    document.title = `${status.name} · Gradstream`;
    byId("name").textContent = status.name;
    badge(status.state, status.reason);
    byId("figure-version").textContent = figure(status.version);
    byId("figure-lag").textContent = figure(status.lag);
    checkpointTime = status.checkpoint ? Date.parse(status.checkpoint.time) : null;
    byId("figure-checkpoint").textContent = checkpointTime ? age(Date.now() - checkpointTime) : "–";
    byId("status").textContent = JSON.stringify(status, null, 2);
  } catch {
    badge("lost", "the trainer does not answer; this page goes on asking");
  }
}

function age(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

async function ask(request) {
  const answer = byId("control-answer");
  answer.textContent = "…";
  try {
    const response = await fetch(`/api/control/${request}`, {
      method: "POST",
      headers: { authorization: `Bearer ${byId("token").value}` },
    });
    const said = await response.json();
    answer.textContent = said.error ?? `${said.done}: step ${said.step}, version ${said.version}`;
  } catch (failure) {
    answer.textContent = String(failure);
  }
  look();
}

function listen() {
  const stream = new EventSource("/api/stream");
  stream.onmessage = (message) => take(JSON.parse(message.data));
  stream.addEventListener("missed", (message) => { missed += JSON.parse(message.data).records; });
}

byId("control-form").addEventListener("submit", (event) => event.preventDefault());
document.querySelectorAll("#control-form button").forEach((button) =>
  button.addEventListener("click", () => ask(button.value)));

try {
  (await (await fetch("/api/recent")).json()).forEach(take);
} finally {
  listen();
  look();
  setInterval(look, 2000);
  setInterval(show, FRAME);
}
