// What moves in the report: the flame graph. A click on a call widens it to the whole width, with what leads to it above.

export const REPORT_SCRIPT = `
const flame = document.querySelector(".flame");
if (flame) {
  const note = document.querySelector(".note"), calls = [...flame.querySelectorAll("button")].map((e) => ({ e, from: +e.dataset.from, part: +e.dataset.part }));
  const zoom = (at) => {
    for (const { e, from, part } of calls) {
      const left = (from - at.from) / at.part, right = (from + part - at.from) / at.part, l = Math.max(0, left), r = Math.min(1, right);
      e.hidden = r - l < 0.0005;
      e.style.left = 100 * l + "%";
      e.style.width = 100 * (r - l) + "%";
    }
  };
  flame.addEventListener("click", ({ target }) => { const call = calls.find(({ e }) => e === target); if (call) zoom(call); });
  const tell = ({ target }) => { if (target.title) note.textContent = target.title; };
  flame.addEventListener("mouseover", tell);
  flame.addEventListener("focusin", tell);
}
`;
