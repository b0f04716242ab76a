"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const aside = one("beside"), said = all("p[data-behind]", aside)[0], room = aside.lastElementChild;
  let chosen = null;

  // Sentences stand beside what was chosen: copies, so that the page stays as it is.
  function copy(node) {
    const clone = node.cloneNode(true);
    [clone, ...all("[id]", clone)].forEach((part) => part.removeAttribute("id"));
    return clone;
  }
  function sentence(id, word) {
    const item = document.createElement("li"), quote = document.createElement("blockquote");
    const text = one(id).textContent, place = document.createElement("a");
    if (word) {
      let from = 0;
      for (let at = 0; (at = text.toLowerCase().indexOf(word, from)) >= 0; from = at + word.length) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(at, at + word.length);
        quote.append(text.slice(from, at), mark);
      }
      quote.append(text.slice(from));
    } else quote.append(...copy(one(id)).childNodes);
    quote.dir = "auto";
    const home = one(id).closest("article");
    place.href = "#" + id;
    place.className = "place";
    place.textContent = home ? home.querySelector("h3").textContent : aside.querySelector("a").textContent;
    item.append(quote, place);
    return item;
  }
  // What was chosen stays where it is on the screen, and above a panel at its foot.
  function stay(link, change) {
    const before = link.getBoundingClientRect().top;
    change();
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
    scrollBy(0, link.getBoundingClientRect().top - before);
    const below = link.getBoundingClientRect().bottom - innerHeight * 0.38;
    if (innerWidth < 1024 && !aside.hidden && below > 0) scrollBy(0, below);
  }
  function show(link, target) {
    const ids = (link.dataset.s || "").split(" ").filter(one);
    const list = document.createElement("ol");
    list.className = "sentences";
    if (ids.length) ids.forEach((id) => list.append(sentence(id, link.dataset.w)));
    else all("ol.sentences > li, :scope > p:not(.after)", target).forEach((part) => list.append(copy(part)));
    const title = target.querySelector("h4, summary");
    const name = link.querySelector("title") || link;
    one("beside-title").textContent = ids.length ? link.getAttribute("aria-label") || name.textContent : title.textContent;
    said.hidden = !(link.dataset.n > ids.length);
    said.textContent = said.dataset.behind.replace("{0}", ids.length).replace("{1}", link.dataset.n);
    one("beside-go").setAttribute("href", link.getAttribute("href"));
    room.replaceChildren(list);
    if (chosen) chosen.classList.remove("chosen");
    (chosen = link).classList.add("chosen");
    stay(link, () => {
      aside.hidden = false;
      aside.scrollTop = 0;
      document.body.classList.add("beside");
    });
    aside.focus({ preventScroll: true });
  }
  function close() {
    stay(chosen, () => {
      aside.hidden = true;
      document.body.classList.remove("beside");
    });
    chosen.focus({ preventScroll: true });
    chosen.classList.remove("chosen");
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const target = one(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (!target || !(link.dataset.s || target.matches(".cell, .finding > details"))) return;
    event.preventDefault();
    show(link, target);
  });
  one("beside-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !aside.hidden) close(); });
  aside.addEventListener("click", (event) => {
    if (event.target.closest("a") && innerWidth < 1024) close();
  });

  // Topics and groups: what is not chosen is hidden.
  const choose = one("choose");
  choose.hidden = false;
  choose.addEventListener("change", (event) => {
    const field = event.target.closest("fieldset");
    const off = new Set(all("input:not(:checked)").map((box) => box.dataset.choose));
    all("[data-t], [data-g]").forEach((part) => {
      part.hidden = off.has("t" + part.dataset.t) || off.has("g" + part.dataset.g);
    });
    field.parentElement.querySelector("output").textContent = all("input:checked", field).length;
  });

  // Tables: a head sorts, the largest first; once more turns it round.
  all("table.sort").forEach((table) => {
    const body = table.tBodies[0];
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "order";
      button.textContent = "\u2195";
      button.setAttribute("aria-label", said.dataset.sort.replace("{0}", head.textContent.trim()));
      head.append(button);
      button.addEventListener("click", () => {
        const value = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
        const rows = [...body.rows], numbers = rows.every((row) => !isNaN(value(row)));
        const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") !== "descending" : numbers;
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => numbers ? (value(row) === "" ? -Infinity : +value(row)) : value(row);
        const order = (a, b) => numbers ? key(a) - key(b) || 0 : key(a).localeCompare(key(b));
        rows.sort((a, b) => (down ? -1 : 1) * order(a, b));
        body.append(...rows);
      });
    });
  });
})();
