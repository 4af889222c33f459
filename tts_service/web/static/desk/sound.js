// One sound at a time, played where its link stands. Without scripts the link opens the sound itself.

const audio = new Audio();
let playing = null;
let rest = []; // what is played behind it

audio.addEventListener("pause", () => {
  if (!audio.ended) stopped(); // at its end there may be more to play
});
audio.addEventListener("ended", () => {
  if (rest.length) play(rest.shift());
  else stopped();
});
audio.addEventListener("error", () => {
  if (!playing) return;
  const link = playing;
  stopped();
  link.classList.add("failed");
});

/** Plays a link's stretch (`#t=start,end` of its address), or stops it while it plays. */
export function toggle(link) {
  if (!link) return;
  const again = playing === link;
  audio.pause();
  if (again) return;
  stopped();
  playing = link;
  link.classList.add("playing");
  link.classList.remove("failed");
  rest = (link.dataset.then ?? "").split(" ").filter(Boolean);
  play(link.href);
}

function play(address) {
  audio.src = address; // Media Fragments URI 1.0, 4.2.1: the browser begins and ends there by itself
  audio.play().catch(() => {});
}

/** Stops whatever plays. */
export function stop() {
  audio.pause();
}

/** The links of class `play` become buttons that play in place, also those that come later. */
export function playInPlace(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a.play");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(link);
  });
}

function stopped() {
  playing?.classList.remove("playing");
  playing = null;
}
