"use strict";
// Sliders show one of several pictures; neurons say what they are for. All pictures are in the page already.
(() => {
  for (const slider of document.querySelectorAll("input[type=range]")) {
    const figure = slider.closest("figure");
    const choices = [...figure.querySelectorAll("[data-choice]")];
    const show = () => {
      for (const choice of choices) {
        const chosen = choice.dataset.choice === slider.value;
        choice.classList.toggle("off", !chosen);
        if (chosen && choice.dataset.name) slider.setAttribute("aria-valuetext", choice.dataset.name);
      }
    };
    slider.addEventListener("input", show);
    slider.hidden = false;
    show();
  }

  for (const figure of document.querySelectorAll("figure.network")) {
    const neurons = [...figure.querySelectorAll(".neuron[tabindex]")];
    const edges = [...figure.querySelectorAll(".edges path")];
    const about = figure.querySelector(".about");
    const place = (neuron) => [Number(neuron.dataset.column), Number(neuron.dataset.row)];
    const show = (neuron) => {
      about.textContent = neuron.getAttribute("aria-label");
      for (const edge of edges) edge.classList.toggle("lit", edge.dataset.to === neuron.dataset.place);
    };
    const move = (from, across, down) => {
      const [column, row] = place(from);
      const ahead = neurons.filter((n) => {
        const [c, r] = place(n);
        return across ? Math.sign(c - column) === across : c === column && Math.sign(r - row) === down;
      });
      const far = (n) => Math.abs(place(n)[0] - column) * 1000 + Math.abs(place(n)[1] - row);
      return ahead.sort((a, b) => far(a) - far(b))[0];
    };
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    for (const neuron of neurons) {
      neuron.addEventListener("pointerenter", () => show(neuron));
      neuron.addEventListener("focus", () => show(neuron));
      neuron.addEventListener("keydown", (event) => {
        const next = steps[event.key] && move(neuron, ...steps[event.key]);
        if (!next) return;
        event.preventDefault();
        neuron.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      });
    }
    about.hidden = false;
  }
})();
