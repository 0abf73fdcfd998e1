// What a page alone cannot do: ask without leaving it, stop, keep a draft, copy, save, delete. All else is HTML.
const at = (id) => document.getElementById(id);
const kept = (key, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(key);
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch { /* storage may be off: the page works, and forgets on reload */ }
  return null;
};
// The server escapes everything that it puts into an answer; this is the one place where its HTML enters the page.
const policy = window.trustedTypes?.createPolicy("fonte", { createHTML: (html) => html });
const parsed = (html) => {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  for (const button of template.content.querySelectorAll("[data-do]")) button.hidden = false;
  return template.content;
};

document.querySelectorAll(".turn [data-do]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) doing[button.dataset.do](button);
});
const doing = {
  async copy(button) {
    await navigator.clipboard.writeText(written(button.closest(".turn")));
    const name = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = name; }, 2000);
  },
  download() {
    const text = [...document.querySelectorAll(".turn")].map(written).join("\n\n---\n\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = form.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  },
  print() { window.print(); },
  delete() {
    turns = [];
    for (const key of ["turns", "draft"]) kept(key, null);
    log.replaceChildren();
    document.querySelectorAll(".turn, .earlier, #ask [name=history]").forEach((each) => each.remove());
    box.value = "";
    keep.hidden = true;
    if (examples) examples.hidden = false;
    count();
    say(form.dataset.deleted);
    box.focus();
  },
};

const line = (node) => node.textContent.replace(/\s+/g, " ").trim();
function written(turn) {
  const lines = [...turn.querySelectorAll(":scope > .asked bdi, :scope > .alert, :scope > .summary, :scope > .shared .label p:first-child")].map(line);
  for (const passage of turn.querySelectorAll(".passage")) {
    lines.push("", ...[...passage.querySelectorAll(".label > div > p")].map((label) => `! ${line(label)}`));
    lines.push(`“${passage.querySelector("blockquote").textContent}”`, `— ${line(passage.querySelector(".source"))}`);
    lines.push(...[...passage.querySelectorAll(".elsewhere")].map(line), passage.querySelector(".place").href);
  }
  lines.push("", line(turn.querySelector(".disclaimer")));
  return lines.join("\n");
}

const [form, box, log, keep, examples] = ["ask", "question", "log", "keep", "examples"].map(at);
const say = (text) => { at("status").textContent = text; };
let turns = [];
let running = null;

const left = (question) => Number(form.dataset.most) - [...question.trim()].length;
function count() {
  const rest = left(box.value);
  const counter = at("counter");
  counter.classList.toggle("over", rest < 0);
  counter.textContent = rest > 100 ? "" : (rest < 0 ? form.dataset.over : form.dataset.left).replace("#", Math.abs(rest));
}

function show(html, restoring) {
  const part = parsed(html);
  const turn = part.querySelector(".turn");
  log.append(part);
  keep.hidden = false;
  if (examples) examples.hidden = true;
  if (!restoring) turn.scrollIntoView({ block: "start" });
}

async function ask(question) {
  if (running || !question.trim()) return;
  if (left(question) < 0) {
    at("error").textContent = form.dataset.long;
    return;
  }
  running = new AbortController();
  at("error").textContent = "";
  say(form.dataset.searching);
  at("stop").hidden = false;
  at("send").disabled = true;
  const body = new URLSearchParams({ question });
  const earlier = [...form.querySelectorAll("[name=history]")].map((each) => each.value).concat(turns.map((turn) => turn.question));
  for (const each of earlier.slice(-10)) body.append("history", each);
  try {
    const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/vnd.fonte.fragment+html" }, signal: running.signal });
    const text = await reply.text();
    if (!reply.ok) throw new Error((reply.headers.get("Content-Type") ?? "").startsWith("text/plain") ? text : "");
    turns.push({ question, html: text });
    kept("turns", JSON.stringify(turns));
    show(text, false);
    if (box.value === question) box.value = "";
    kept("draft", box.value);
    say(form.dataset.ready);
  } catch (problem) {
    box.value ||= question;
    const stopped = problem.name === "AbortError";
    say(stopped ? form.dataset.stopped : "");
    if (!stopped) at("error").textContent = (problem.name === "Error" && problem.message) || form.dataset.failed;
  }
  running = null;
  at("stop").hidden = true;
  at("send").disabled = false;
  count();
}

if (form) {
  try { turns = JSON.parse(kept("turns")) ?? []; } catch { kept("turns", null); }
  if (document.querySelector(".turn")) turns = []; // a page that came with its own answer starts anew
  log.setAttribute("aria-live", "off"); // what is put back was read before
  for (const turn of turns) show(turn.html, true);
  setTimeout(() => log.removeAttribute("aria-live"), 500);
  if (document.querySelector(".turn")) keep.hidden = false;
  box.value ||= kept("draft") ?? "";
  document.querySelectorAll("[data-js]").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-plain]").forEach((each) => { each.hidden = true; });
  count();
  box.addEventListener("input", () => { kept("draft", box.value); count(); });
  const touch = matchMedia("(pointer: coarse)").matches;
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch) return;
    event.preventDefault();
    form.requestSubmit();
  });
  at("stop").addEventListener("click", () => { running?.abort(); box.focus(); });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#ask, .suggest")) return;
    event.preventDefault();
    ask(event.submitter?.value || box.value);
    box.focus({ preventScroll: true });
  });
}
