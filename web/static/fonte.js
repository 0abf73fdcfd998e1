// What a page alone cannot do: ask without leaving it, stop, keep a draft, copy, save, delete. All else is HTML.
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const [form, box, log, keep, examples, error, status, stop, send, counter] =
  ["ask", "question", "log", "keep", "examples", "error", "status", "stop", "send", "counter"].map((id) => document.getElementById(id));
const told = form?.dataset;
// Storage may be off: the page then works, and forgets on reload.
const recall = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
const remember = (key, value) => { try { sessionStorage.setItem(key, value); } catch {} };
// The server escapes all it puts into an answer; this is the one place where its HTML enters the page.
const policy = window.trustedTypes?.createPolicy("fonte", { createHTML: (html) => html });
const reveal = (selector, inside) => all(selector, inside).forEach((each) => { each.hidden = false; });
let turns = [];
let running = null;

const doing = {
  async copy(button) {
    await navigator.clipboard.writeText(written(button.closest(".turn")));
    const name = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = name; }, 2000);
  },
  download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([all(".turn").map(written).join("\n\n---\n\n")], { type: "text/plain" }));
    link.download = told.file;
    link.click();
    URL.revokeObjectURL(link.href);
  },
  print() { window.print(); },
  delete() {
    turns = [];
    try { sessionStorage.clear(); } catch {}
    all(".turn, .earlier, #ask [name=history]").forEach((each) => each.remove());
    box.value = "";
    keep.hidden = true;
    if (examples) examples.hidden = false;
    count();
    status.textContent = told.deleted;
    box.focus();
  },
};

const line = (node) => node.textContent.replace(/\s+/g, " ").trim();
function written(turn) {
  const lines = all(":scope > .asked bdi, :scope > .alert, :scope > .summary, :scope > .shared .label p:first-child", turn).map(line);
  for (const passage of all(".passage", turn)) {
    lines.push("", ...all(".label > div > p", passage).map((label) => `! ${line(label)}`));
    lines.push(`“${passage.querySelector("blockquote").textContent}”`, ...all(".source, .elsewhere", passage).map(line));
    lines.push(passage.querySelector(".place").href);
  }
  return [...lines, "", line(turn.querySelector(".disclaimer"))].join("\n");
}

const left = (question) => told.most - [...question.trim()].length;
function count() {
  const rest = left(box.value);
  counter.classList.toggle("over", rest < 0);
  counter.textContent = rest > 100 ? "" : (rest < 0 ? told.over : told.left).replace("#", Math.abs(rest));
}

function show(html) {
  const part = document.createElement("template");
  part.innerHTML = policy ? policy.createHTML(html) : html;
  reveal("[data-do]", part.content);
  const turn = part.content.querySelector(".turn");
  log.append(part.content);
  keep.hidden = false;
  if (examples) examples.hidden = true;
  return turn;
}

async function ask(question) {
  if (running || !question.trim()) return;
  error.textContent = left(question) < 0 ? told.long : "";
  if (error.textContent) return;
  running = new AbortController();
  status.textContent = told.searching;
  stop.hidden = false;
  send.disabled = true;
  const body = new URLSearchParams({ question });
  const earlier = [...all("[name=history]", form).map((each) => each.value), ...turns.map((turn) => turn.question)];
  for (const each of earlier.slice(-10)) body.append("history", each);
  try {
    const headers = { Accept: "text/vnd.fonte.fragment+html" };
    const reply = await fetch(form.action, { method: "POST", body, headers, signal: running.signal });
    const html = await reply.text();
    if (!reply.ok) throw Error(reply.headers.get("Content-Type")?.startsWith("text/plain") ? html : "");
    turns.push({ question, html });
    remember("turns", JSON.stringify(turns));
    show(html).scrollIntoView();
    if (box.value === question) box.value = "";
    remember("draft", box.value);
    status.textContent = told.ready;
  } catch (problem) {
    box.value ||= question;
    const stopped = problem.name === "AbortError";
    status.textContent = stopped ? told.stopped : "";
    if (!stopped) error.textContent = (problem.name === "Error" && problem.message) || told.failed;
  }
  running = null;
  stop.hidden = true;
  send.disabled = false;
  count();
}

reveal(".turn [data-do]");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) doing[button.dataset.do](button);
});
if (form) {
  reveal("[data-js]");
  if (all(".turn").length) keep.hidden = false; // a page that came with its own answer starts anew
  else try { turns = JSON.parse(recall("turns")) ?? []; } catch {}
  log.setAttribute("aria-live", "off"); // what is put back was read before
  turns.forEach((turn) => show(turn.html));
  setTimeout(() => log.removeAttribute("aria-live"), 500);
  box.value ||= recall("draft") ?? "";
  count();
  box.addEventListener("input", () => { remember("draft", box.value); count(); });
  const touch = matchMedia("(pointer: coarse)").matches;
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch) return;
    event.preventDefault();
    form.requestSubmit();
  });
  stop.addEventListener("click", () => { running?.abort(); box.focus(); });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#ask, .suggest")) return;
    event.preventDefault();
    ask(event.submitter?.value || box.value);
    box.focus({ preventScroll: true });
  });
}
