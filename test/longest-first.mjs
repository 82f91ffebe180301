/**
 * Where real tests run side by side, those with a whole rehearsal begin first: they take minutes, the others seconds, and
 * at the end no processor shall wait for one long file.
 */
export default class LongestFirst {
  sort(tests) {
    const whole = tests.filter(({ path }) => /\/real\/(anbindung|cli|edges)\//.test(path));
    return [...whole, ...tests.filter((test) => !whole.includes(test))];
  }

  /** jest's own remembers how long each took; a pipeline's machine has no memory. */
  cacheResults() {}
}
