// What stays in this browser: the place in each clip, the speed, reports that could not be sent. Never a cookie.

const KEPT_PLACES = 50;

export const memory = {
  /** A value by name; undefined where the browser keeps nothing (private windows, sandboxed frames). */
  read(name) {
    try { return JSON.parse(localStorage.getItem(`article-audio:${name}`)) ?? undefined; } catch { return undefined; }
  },
  write(name, value) {
    try { localStorage.setItem(`article-audio:${name}`, JSON.stringify(value)); } catch { /* kept nowhere */ }
  },
  /** {t: seconds, r: revision} where a clip was left. */
  place: (clip) => memory.read("places")?.find((place) => place.clip === clip),
  keepPlace(clip, t, r) {
    const others = (memory.read("places") || []).filter((place) => place.clip !== clip);
    memory.write("places", (t > 2 ? [{ clip, t, r }, ...others] : others).slice(0, KEPT_PLACES));
  },
};

// One plays at a time, on this page and in other tabs of this site.
export const players = new Set();
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("article-audio") : null;
if (tabs) tabs.onmessage = () => players.forEach((player) => player.pause());

export function playsNow(player) {
  players.forEach((other) => other !== player && other.pause());
  tabs?.postMessage("playing");
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Resolves after `ms`, or earlier when the network is back. */
export const orOnline = (ms) => new Promise((done) => {
  const timer = setTimeout(ended, ms);
  function ended() {
    clearTimeout(timer);
    removeEventListener("online", ended);
    done();
  }
  addEventListener("online", ended);
});
