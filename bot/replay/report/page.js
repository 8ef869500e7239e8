"use strict";
// Filters and search. What they are set to stands behind the # of the address, so that a view can be passed on.
(() => {
  const form = document.querySelector(".filters");
  const cards = [...document.querySelectorAll(".dialogue")];
  const shown = document.getElementById("shown");
  const fold = document.getElementById("fold");
  const words = new Map();
  const wordsOf = (card) => {
    if (!words.has(card)) words.set(card, card.textContent.toLowerCase());
    return words.get(card);
  };
  const wanted = () => ({
    show: form.elements.show.value,
    folder: form.elements.folder.value,
    text: form.elements.text.value.trim().toLowerCase(),
  });

  const apply = () => {
    const { show, folder, text } = wanted();
    let count = 0;
    for (const card of cards) {
      card.hidden =
        (show !== "" && card.dataset.status !== show) ||
        (folder !== "" && card.dataset.folder !== folder) ||
        (text !== "" && !wordsOf(card).includes(text));
      count += card.hidden ? 0 : 1;
    }
    shown.textContent = `${count} shown`;
    document.getElementById("nothing").hidden = count > 0;
    nameFold();
  };
  const visible = () => cards.filter((card) => !card.hidden);
  const nameFold = () => {
    fold.textContent = visible().some((card) => card.open) ? "close all" : "open all";
  };
  const remember = () => {
    const set = Object.entries(wanted()).filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(set)}`);
  };
  const recall = () => {
    const set = new URLSearchParams(location.hash.slice(1));
    for (const name of ["show", "folder", "text"]) {
      if (set.has(name)) form.elements[name].value = set.get(name);
    }
  };

  form.addEventListener("input", () => {
    apply();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  fold.addEventListener("click", () => {
    const open = !visible().some((card) => card.open);
    for (const card of visible()) card.open = open;
    nameFold();
  });
  document.addEventListener("toggle", nameFold, true);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      form.elements.text.focus();
    }
  });
  addEventListener("hashchange", () => {
    recall();
    apply();
  });
  form.hidden = false;
  recall();
  apply();
})();
