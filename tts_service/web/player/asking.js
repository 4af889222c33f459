// Every question to a server ends: with an answer, or after a while without one.

export const PATIENCE_MS = 10000;

/** fetch() that gives up when nothing has come after PATIENCE_MS, or when `signal` says so. */
export async function ask(address, { signal, ...more } = {}) {
  const line = new AbortController();
  const stop = () => line.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal?.addEventListener("abort", stop);
  try {
    return await fetch(address, { credentials: "omit", ...more, signal: line.signal });
  } finally {
    clearTimeout(timer);
  }
}
