// The palette of sounds: one Tab stop, in which the arrow keys, Home and End move. A sound goes into the field.

/** Leaves the focus in the palette when a sound is chosen by keyboard; Escape goes back to the field. */
export function offerSounds(palette, field) {
  const sounds = [...palette.querySelectorAll("[data-sound]")];
  if (!sounds.length) return;
  stopAt(sounds[0]);

  function stopAt(sound) {
    for (const one of sounds) one.tabIndex = one === sound ? 0 : -1;
  }

  palette.addEventListener("focusin", (event) => stopAt(event.target));
  palette.addEventListener("click", (event) => {
    const sound = event.target.closest("[data-sound]");
    if (!sound) return;
    field.setRangeText(sound.dataset.sound, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
    if (event.detail > 0) field.focus(); // by pointer; a click by keyboard counts 0
  });
  palette.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = event.key === "Escape" ? field : goal(event.key, sounds, sounds.indexOf(event.target));
    if (!to) return;
    event.preventDefault();
    event.stopPropagation(); // on the page, Escape leaves the case
    to.focus();
  });
}

function goal(key, sounds, at) {
  switch (key) {
    case "ArrowRight":
      return sounds[(at + 1) % sounds.length];
    case "ArrowLeft":
      return sounds.at(at - 1);
    case "ArrowDown":
      return beyond(sounds, sounds[at], 1);
    case "ArrowUp":
      return beyond(sounds, sounds[at], -1);
    case "Home":
      return sounds[0];
    case "End":
      return sounds.at(-1);
  }
}

/** The sound nearest to this one in the line below (1) or above (-1); in the last line, the sound itself. */
function beyond(sounds, from, direction) {
  const { top, left, height } = from.getBoundingClientRect();
  let nearest = from;
  let least = Infinity;
  for (const one of sounds) {
    const place = one.getBoundingClientRect();
    const lines = Math.round((place.top - top) / height) * direction;
    const distance = lines * 1000 + Math.abs(place.left - left); // the next line counts before the column
    if (lines > 0 && distance < least) [nearest, least] = [one, distance];
  }
  return nearest;
}
