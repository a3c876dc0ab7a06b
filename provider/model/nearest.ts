/** The word that is most like `word`: at most two typing errors away. Undefined if there is none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((known) => ({ known, distance: distance(word, known) }))
    .filter((candidate) => candidate.distance <= 2 && candidate.distance < candidate.known.length)
    .sort((a, b) => (a.distance === b.distance ? b.known.length - a.known.length : a.distance - b.distance));
  return best?.known;
}

/** The Damerau-Levenshtein distance: letters added, removed, changed or swapped with the next one. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const ways = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(at(i - 2, j - 2) + 1);
      row.push(Math.min(...ways));
    }
  }
  return at(a.length, b.length);
}
