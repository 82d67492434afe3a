"""The page behind a mail's link: one button that confirms the appointment."""

from __future__ import annotations

from typing import Final

HTML: Final = """<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Übungsstadt / practice city</title>
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto;
  padding: 0 1rem; color: #222; background: #fff; }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .3rem;
  color: #fff; background: #005a9f; cursor: pointer; }
button:focus-visible { outline: .2rem solid #f5a800; }
[role=status] { margin-top: 1.5rem; white-space: pre-line; }
</style>
</head>
<body>
<h1>Übungsstadt <small>practice city</small></h1>
<p>Dies ist nicht die Stadt München. / This is not the City of Munich.</p>
<button id="confirm" hidden>Termin bestätigen / confirm</button>
<p id="result" role="status"></p>
<script>
const button = document.getElementById("confirm");
const result = document.getElementById("result");

function secret() {
  const found = location.hash.match(/^#\\/appointment\\/confirm\\/([^?]+)/);
  if (!found) { return null; }
  let code = decodeURIComponent(found[1]).replace(/-/g, "+").replace(/_/g, "/");
  while (code.length % 4) { code += "="; }
  try {
    const { id, authKey } = JSON.parse(atob(code));
    return { processId: id, authKey: authKey };
  } catch (error) {
    return null;
  }
}

function show() {
  const known = secret() !== null;
  button.hidden = !known;
  button.disabled = false;
  result.textContent = known ? "" :
    "Kein gültiger Bestätigungslink. / No valid confirmation link.";
}

async function confirmAppointment() {
  button.disabled = true;
  try {
    const answer = await fetch("/buergeransicht/api/citizen/confirm-appointment/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(secret()),
    });
    const body = await answer.json();
    if (answer.ok) {
      const start = new Date(Number(body.timestamp) * 1000);
      const when = start.toLocaleString("de-DE", { timeZone: "Europe/Berlin" });
      result.textContent = "Termin bestätigt / confirmed: " +
        body.serviceName + ", " + body.officeName + ", " + when +
        " (" + body.displayNumber + ")";
      button.hidden = true;
      return;
    }
    result.textContent = body.errors.map((error) => error.errorMessage).join("\\n");
  } catch (error) {
    result.textContent = "Nicht erreichbar. / Not reachable.";
  }
  button.disabled = false;
}

button.addEventListener("click", confirmAppointment);
window.addEventListener("hashchange", show);
show();
</script>
</body>
</html>
"""
