// The text of an article is one Tab stop: in it, the arrow keys move between sentences (left, right) and blocks (up, down).

const made = document.getElementById("made");
const links = () => [...made.querySelectorAll(".blocks a")];

function stopAt(link) {
  for (const one of links()) one.tabIndex = one === link ? 0 : -1;
}

/** The link that a key leads to: beside this one, in the block before or behind, at the beginning or the end. */
function goal(key, all, from) {
  const block = from.closest("li");
  switch (key) {
    case "ArrowRight":
      return all[all.indexOf(from) + 1];
    case "ArrowLeft":
      return all[all.indexOf(from) - 1];
    case "ArrowDown":
      return block.nextElementSibling?.querySelector("a");
    case "ArrowUp":
      return block.previousElementSibling?.querySelector("a");
    case "Home":
      return all[0];
    case "End":
      return all.at(-1);
  }
}

function begin() {
  const all = links();
  const hint = document.getElementById("blocks-keys");
  if (hint) hint.hidden = !all.length;
  stopAt(all.find((one) => one.ariaCurrent) ?? all[0]); // the sentence that was chosen
}

made.addEventListener("focusin", (event) => event.target.matches(".blocks a") && stopAt(event.target));
made.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !event.target.matches(".blocks a")) return;
  const to = goal(event.key, links(), event.target);
  if (!to) return;
  event.preventDefault();
  to.focus();
});
new MutationObserver(begin).observe(made, { childList: true }); // a page at work renews its text
begin();
