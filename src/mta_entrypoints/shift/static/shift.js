// Shows the city's check, hands in what the person made of it, and tells how it goes.
import "./altcha.min.js";

const EVERY = 1000;
const show = (id, text) => { document.getElementById(id).textContent = text; };
const widget = document.querySelector("altcha-widget");

// How somebody moves the mouse is nobody's business.
globalThis.$altcha.defaults.set({ humanInteractionSignature: false });
globalThis.$altcha.algorithms.set("SHA-256", () => new Worker("altcha-sha.js"));

async function handIn(payload) {
  const answer = await fetch("verify", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ payload }),
  });
  if (!answer.ok) {
    show("state", (await answer.json()).error);
    widget.reset();
  }
}

async function explain() {
  // The widget says that something went wrong; MTA knows what.
  show("state", (await (await fetch("state")).json()).trouble);
}

widget.addEventListener("verified", (event) => handIn(event.detail.payload));
widget.addEventListener("statechange", (event) => {
  if (event.detail.state === "error") { explain(); }
});

function list(lines) {
  document.getElementById("watching").replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }),
  );
}

async function look() {
  let now;
  try {
    now = await (await fetch("state")).json();
  } catch {
    show("more", "`mta shift` has ended. You can close this page.");
    return;
  }
  list(now.watching);
  show("whose", now.whose);
  if (now.state !== "waiting") {
    widget.hidden = true;
    show("why", "");
    show("state", now.text);
    show("more", now.more);
  }
  if (now.state === "over") {
    window.close();
    return;
  }
  setTimeout(look, EVERY);
}

look();
