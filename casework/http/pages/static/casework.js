// What is typed is not lost with the signal. Without this file every page works. What it keeps is encrypted under a key that only a page of
// the person signed in brings, lives no longer than its window, and is thrown away on signing out.
"use strict";
(() => {
  const who = document.body.dataset.who;
  const mine = `kept:${who}:`;
  const PATIENCE = 8000;
  const PAUSE = 400;
  const BETWEEN_DRAFTS = 60000;
  const kept = window.sessionStorage;
  const form = document.querySelector("form[data-keep]");
  const path = form && form.getAttribute("action");
  const told = (what) => {
    for (const each of document.querySelectorAll("[data-told]")) each.hidden = each.dataset.told !== what;
  };

  for (const name of Object.keys(kept)) if (name.startsWith("kept:") && !name.startsWith(mine)) kept.removeItem(name);
  const sent = kept.getItem("sent");
  kept.removeItem("sent");
  if (sent && new URLSearchParams(location.search).has("done")) kept.removeItem(mine + sent);

  const written = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
  const read = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const about = (iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(path) });
  const lock = () => crypto.subtle.importKey("raw", read(form.dataset.keep), "AES-GCM", false, ["encrypt", "decrypt"]);

  async function keep() {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(about(iv), await lock(), new TextEncoder().encode(JSON.stringify(fields)));
    kept.setItem(mine + path, written([...iv, ...new Uint8Array(sealed)]));
  }

  async function restore() {
    const bytes = read(kept.getItem(mine + path));
    const open = await crypto.subtle.decrypt(about(bytes.slice(0, 12)), await lock(), bytes.slice(12));
    const again = document.createElement("form");
    again.method = "post";
    again.action = path;
    const fields = JSON.parse(new TextDecoder().decode(open)).filter(([name]) => name !== "do");
    for (const [name, value] of [...fields, ["csrf", form.elements.csrf.value], ["do", "rows"]]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      again.append(input);
    }
    document.body.append(again);
    again.submit();
  }

  let changed = false;
  let pause = 0;
  let drafting = 0;
  async function draft() {
    if (!changed) return;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "draft");
    body.set("key", crypto.randomUUID());
    try {
      const answer = await fetch(path, { method: "POST", body, redirect: "manual", headers: { Accept: "text/html" } });
      if (answer.type === "opaqueredirect") return told("saved");
      clearInterval(drafting);
      told({ 401: "ended", 412: "changed" }[answer.status]);
    } catch {
      changed = true;
      told("offline");
    }
  }

  if (form) {
    if (form.dataset.sent !== undefined) keep();
    else if (kept.getItem(mine + path)) told("kept");
    form.addEventListener("input", () => {
      changed = true;
      clearTimeout(pause);
      pause = setTimeout(keep, PAUSE);
    });
    if (form.dataset.draft !== undefined) drafting = setInterval(draft, BETWEEN_DRAFTS);
    document.querySelector("[data-restore]").addEventListener("click", () => restore().catch(() => (kept.removeItem(mine + path), told())));
    document.querySelector("[data-drop]").addEventListener("click", () => (kept.removeItem(mine + path), told()));
  }

  const there = async () => navigator.onLine && (await fetch("/signal", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  // A picture is too large to be carried through a sign-in: its form takes the token of the session that is open now, or waits.
  async function renewed(large) {
    const page = new DOMParser().parseFromString(await (await fetch("/account")).text(), "text/html");
    if (page.body.dataset.who !== who) return false;
    large.elements.csrf.value = page.querySelector("[name=csrf]").value;
    return true;
  }

  document.addEventListener("submit", async (event) => {
    const going = event.target;
    if (event.defaultPrevented || going.getAttribute("method") !== "post" || going.dataset.passkey !== undefined) return;
    if (going.dataset.sure !== undefined) return void delete going.dataset.sure;
    if (going.getAttribute("action") === "/sign-out") return kept.clear();
    event.preventDefault();
    if (going.dataset.asking !== undefined) return;
    going.dataset.asking = "";
    try {
      if (going === form) await keep();
      if (!(await there())) throw new Error("no signal");
      if (going.enctype === "multipart/form-data" && !(await renewed(going))) return told("ended");
      if (going === form) kept.setItem("sent", path);
      going.dataset.sure = "";
      going.requestSubmit(event.submitter);
    } catch {
      told("offline");
    } finally {
      delete going.dataset.asking;
    }
  });

  window.addEventListener("offline", () => told("offline"));
  window.addEventListener("online", () => told("back"));

  // htmx shows part of a page in place. Where the answer is no page of this person, the browser goes there by itself.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.isError && event.detail.xhr.responseText.includes(`data-who="${who}"`)) return;
    event.detail.shouldSwap = false;
    const button = event.detail.requestConfig.elt;
    if (button.form && event.detail.requestConfig.verb === "post") button.form.requestSubmit(button);
    else location.reload();
  });
  document.addEventListener("htmx:sendError", () => told("offline"));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement === document.body) event.detail.elt.querySelector("a")?.focus();
  });
})();
