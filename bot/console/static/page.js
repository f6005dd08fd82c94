// The chat page: sends what is typed or touched, shows what is answered, loses nothing.
"use strict";

(function () {
  const WEBHOOK = "/webhooks/rest/webhook";
  const LETTERS = "/webhooks/rest/letters";
  const STORE = "passerelle"; // in sessionStorage only: this may be a shared desk
  const PATIENCE = 60000; // ms until a request counts as lost
  const SOON = 5000; // ms between two looks for letters, growing to LATER while none come
  const LATER = 30000;
  const KEPT = 80; // messages that a reload shows again
  const NAMES = { you: "Vous : ", bot: "Passerelle : ", note: "" };

  const $ = (id) => document.getElementById(id);
  const log = $("log"), field = $("text"), typing = $("typing"), trouble = $("trouble");

  let talk = null; // what this session holds; null once it was left
  let busy = false;
  let timer = 0;
  let pause = SOON;

  // --- The session ---------------------------------------------------------------------------

  function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  }

  function newTalk() {
    return { sender: randomId(), shown: [], queue: [], seen: [], spoken: false, draft: "" };
  }

  function restored() {
    try {
      return JSON.parse(sessionStorage.getItem(STORE));
    } catch (_) {
      return null;
    }
  }

  function save() {
    if (!talk) return;
    talk.shown = talk.shown.slice(-KEPT);
    try {
      sessionStorage.setItem(STORE, JSON.stringify(talk));
    } catch (_) { /* no storage: the session lives as long as the page */ }
  }

  // Leaves nothing in this browser, and ends what was open for an id that nobody has any more.
  function leave() {
    const left = talk;
    talk = null;
    clearTimeout(timer);
    try {
      sessionStorage.removeItem(STORE);
    } catch (_) { /* nothing was kept */ }
    if (left && left.spoken && navigator.sendBeacon) {
      const body = JSON.stringify(request(left, "/stop_all", { button: true }));
      navigator.sendBeacon(WEBHOOK, new Blob([body], { type: "application/json" }));
    }
  }

  function start() {
    log.textContent = "";
    trouble.hidden = true;
    busy = false;
    wait(false);
    talk = newTalk();
    say("/greet", { button: true }, "");
  }

  // --- Showing -------------------------------------------------------------------------------

  function make(tag, name, text) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  }

  // The tel: address of a line that is a phone number and nothing else, or null.
  function phone(line) {
    if (!/^(\+|0|1)[\d .\/()-]*\d$/.test(line)) return null;
    const digits = line.replace("(0)", "").replace(/\D/g, "");
    if (line[0] === "+") return /^\d{9,15}$/.test(digits) ? "tel:+" + digits : null;
    const known = /^(00\d{9,13}|0[1-9]\d{7,8}|1\d\d|1[78]\d\d|116\d{3})$/.test(digits);
    return known ? "tel:" + digits : null;
  }

  // A line as it is; a phone number, an address on the web and a numbered title stand out.
  function piece(line) {
    if (/^\d{1,2}\. \S/.test(line)) return make("strong", "", line);
    const address = phone(line);
    if (!address && !/^https?:\/\/\S+$/.test(line)) return document.createTextNode(line);
    const node = make("a", address ? "tel" : "", line);
    node.href = address || line;
    if (!address) {
      node.target = "_blank";
      node.rel = "noopener noreferrer";
    }
    return node;
  }

  function fill(bubble, text) {
    text.trim().split(/\n\s*\n/).forEach((part) => {
      const lines = part.split("\n").map((line) => line.trim());
      // Who answers and the number, side by side: a whole emergency card fits on a phone.
      const call = lines.length === 2 && phone(lines[1]) && !phone(lines[0]);
      const paragraph = make("p", call ? "call" : "");
      lines.forEach((line, at) => {
        if (call && !at) return paragraph.appendChild(make("span", "", line + " "));
        if (at && !call) paragraph.appendChild(make("br"));
        paragraph.appendChild(piece(line));
      });
      bubble.appendChild(paragraph);
    });
  }

  function said(one) {
    return { who: "bot", text: one.text, buttons: one.buttons };
  }

  function draw(entry) {
    const message = make("div", "message " + entry.who);
    const bubble = make("div", "bubble");
    bubble.appendChild(make("span", "unseen", NAMES[entry.who]));
    fill(bubble, entry.text);
    message.appendChild(bubble);
    if (entry.buttons && entry.buttons.length) {
      const group = make("div", "choices");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", "Réponses possibles");
      entry.buttons.forEach((one) => {
        const button = make("button", "", one.title);
        button.type = "button";
        button.addEventListener("click", () => touch(one));
        group.appendChild(button);
      });
      message.appendChild(group);
    }
    log.appendChild(message);
    return message;
  }

  function show(entries) {
    const nodes = entries.map(draw);
    talk.shown.push(...entries);
    save();
    return nodes[0];
  }

  function nearEnd() {
    const page = document.documentElement;
    return page.scrollHeight - window.pageYOffset - window.innerHeight < 160;
  }

  // The end of the talk; when more came than fits, the start of what came.
  function reveal(first) {
    const header = getComputedStyle($("top")).position === "sticky" ? $("top").offsetHeight : 0;
    const room = window.innerHeight - header - $("bottom").offsetHeight;
    const top = first.getBoundingClientRect().top;
    if (log.getBoundingClientRect().bottom - top > room) {
      window.scrollTo(0, window.pageYOffset + top - header - 12);
    } else {
      window.scrollTo(0, document.documentElement.scrollHeight);
    }
  }

  function wait(on) {
    typing.hidden = !on;
    if (on) window.scrollTo(0, document.documentElement.scrollHeight);
  }

  function note(text) {
    reveal(show([{ who: "note", text: text }]));
  }

  // --- Sending -------------------------------------------------------------------------------

  function request(from, message, extra) {
    return {
      sender: from.sender,
      message: message,
      metadata: Object.assign({ id: randomId() }, extra),
    };
  }

  // Queues a message; `text` is what the person sees of it, "" for nothing.
  function say(message, extra, text) {
    talk.queue.push(request(talk, message, extra));
    if (text) {
      talk.spoken = true;
      reveal(show([{ who: "you", text: text }]));
    }
    save();
    send();
  }

  async function send() {
    if (busy || !talk || !talk.queue.length) return;
    const mine = talk;
    busy = true;
    trouble.hidden = true;
    wait(true);
    let failed = false;
    while (mine === talk && mine.queue.length && !failed) {
      try {
        const answer = await post(mine.queue[0]);
        if (mine !== talk) return;
        mine.queue.shift();
        receive(answer);
      } catch (_) {
        failed = true;
      }
    }
    if (mine !== talk) return; // left meanwhile: another session has begun, or none
    busy = false;
    wait(false);
    if (failed) {
      trouble.hidden = false;
      window.scrollTo(0, document.documentElement.scrollHeight);
    } else {
      soon();
    }
  }

  async function ask(address, options) {
    const control = window.AbortController ? new AbortController() : null;
    const alarm = control && setTimeout(() => control.abort(), PATIENCE);
    const common = { cache: "no-store", credentials: "same-origin" };
    if (control) common.signal = control.signal;
    try {
      const response = await fetch(address, Object.assign(common, options));
      if (!response.ok && response.status !== 400) throw new Error("status");
      return await response.json();
    } finally {
      clearTimeout(alarm);
    }
  }

  async function post(body) {
    const answer = await ask(WEBHOOK, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!Array.isArray(answer) && answer.error && body.metadata.typed && !field.value) {
      field.value = body.message; // refused: nothing typed is lost
      grow();
    }
    return answer;
  }

  function receive(answer) {
    if (!Array.isArray(answer)) {
      note(String(answer.error || "Ce message n'a pas pu être lu."));
      return;
    }
    const entries = answer.filter((one) => one.text).map(said);
    wait(talk.queue.length > 0);
    if (entries.length) reveal(show(entries));
    else save();
  }

  function touch(button) {
    if (button.payload === "/share_position") sharePosition();
    else say(button.payload || button.title, { button: true }, button.title);
  }

  function sharePosition() {
    const mine = talk;
    let over = false;
    const once = (then) => (result) => {
      if (over || mine !== talk) return;
      over = true;
      wait(busy);
      then(result);
    };
    const refused = once(() => {
      note("Je n'ai pas reçu votre position. Écrivez le nom de la commune ou le code postal.");
      field.focus();
    });
    if (!navigator.geolocation) return refused();
    wait(true);
    setTimeout(refused, 30000); // some browsers never answer when the question is closed
    navigator.geolocation.getCurrentPosition(
      once((found) => {
        const at = [found.coords.latitude, found.coords.longitude];
        const position = at.map((one) => one.toFixed(4)).join(",");
        say('/give_location{"position": "' + position + '"}', { button: true }, "📍 Ma position");
      }),
      refused,
      { timeout: 20000, maximumAge: 300000 }
    );
  }

  // --- Letters: what comes without having been asked for ---------------------------------------

  function soon() {
    pause = SOON;
    later();
  }

  function later() {
    clearTimeout(timer);
    if (talk && talk.spoken && !document.hidden) timer = setTimeout(look, pause);
  }

  async function look() {
    const mine = talk;
    // The server lets go of letters once it knows that they have arrived.
    const last = mine.seen[mine.seen.length - 1] || "";
    try {
      const letters = await ask(LETTERS + "?sender=" + mine.sender + "&seen=" + last);
      if (mine !== talk) return;
      const fresh = letters.filter((one) => !mine.seen.includes(one.id));
      pause = fresh.length ? SOON : Math.min(pause * 1.2, LATER);
      if (fresh.length) {
        const follow = nearEnd();
        mine.seen = mine.seen.concat(fresh.map((one) => one.id)).slice(-60);
        const first = show(fresh.map(said));
        if (follow) reveal(first);
      }
    } catch (_) {
      pause = Math.min(pause * 2, LATER);
    }
    if (mine === talk) later();
  }

  // --- The field and the fixed buttons -------------------------------------------------------

  function grow() {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 3 + "px";
  }

  function write() {
    const text = field.value.trim();
    field.focus();
    if (!text) return;
    field.value = "";
    grow();
    say(text, { typed: true }, text);
  }

  $("write").addEventListener("submit", (event) => {
    event.preventDefault();
    write();
  });
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    write();
  });
  $("menu").addEventListener("click", () => say("/menu", { button: true }, "☰ Menu"));
  $("urgent").addEventListener("click", () => say("/emergency", { button: true }, "🆘 Urgence"));
  $("retry").addEventListener("click", () => {
    field.focus(); // the button goes away: the focus must not get lost
    send();
  });
  $("restart").addEventListener("click", () => {
    const warning = "Effacer tout ce qui est affiché et recommencer ?\n" +
      "Si vous attendez une personne, sa réponse n'arrivera plus ici.";
    if (!window.confirm(warning)) return;
    leave();
    start();
    field.value = "";
    grow();
    window.scrollTo(0, 0);
    field.focus();
  });
  $("quit").addEventListener("click", () => {
    leave();
    document.body.textContent = "";
    document.title = "";
    window.location.replace("about:blank");
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    if (!talk) return;
    talk.draft = field.value;
    save();
    if (!document.hidden) soon();
    else clearTimeout(timer);
  });

  // --- Opening: a page that comes back (the phone made a call) goes on where it was ------------

  talk = restored();
  if (talk && talk.shown.length) {
    log.setAttribute("aria-busy", "true");
    talk.shown.forEach(draw);
    log.removeAttribute("aria-busy");
    field.value = talk.draft || "";
    grow();
    reveal(log.lastElementChild);
    send();
    soon();
  } else {
    start();
  }
})();
