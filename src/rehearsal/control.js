"use strict";
// Sets moods, habits and switches of the rehearsal page.
const at = (id) => document.getElementById(id);
const send = async (path, method, body) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`/_rehearsal/${path}`, { method, headers, body });
  if (answer.ok) location.reload();
  else at("said").textContent = await answer.text();
};
for (const button of document.querySelectorAll("[data-whim]")) {
  button.addEventListener("click", () => {
    const mood = JSON.parse(button.dataset.whim);
    mood.on = at("on").value;
    mood.calls = Number(at("calls").value);
    send("moods", "POST", JSON.stringify(mood));
  });
}
at("forget").addEventListener("click", () => send("moods", "DELETE"));
at("switch").addEventListener("click", () => send("switches", "PUT", at("switches").value));
at("keep").addEventListener("click", () => send("habits", "PUT", at("habits").value));
