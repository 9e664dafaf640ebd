// The rule of src/domain/tile-filter.ts. Not imported: addresses carry hashes.
const normal = (s) => s.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim();

globalThis.rankTiles = (rows, query) => {
  const terms = normal(query.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8).map((word) => {
    const [first, ...others] = word;
    const gaps = new RegExp(` ${first}${others.map((c) => `[^ ${c}]*${c}`).join('')}`, 'u');
    return (text) => text.includes(` ${word}`) ? (text.includes(` ${word} `) ? 4 : 3)
      : text.includes(word) ? 2 : word[1] && gaps.test(text) ? 1 : 0;
  });
  if (!terms.length) return rows;
  // Two levels in a number, kept with the text: 5,000 objects would cost a frame.
  const levels = (text) => text.terms === terms ? text.levels
    : Object.assign(text, { terms, levels: terms.map((level) => level(text.names) * 8 + level(text.rest)) }).levels;
  const hits = [];
  let plain = false;
  rows: for (const row of rows) {
    const own = levels(row.own), shared = levels(row.shared);
    let score = row.boost, guess = false;
    for (let i = 0; i < terms.length; i++) {
      const a = Math.max(own[i] >> 3, shared[i] >> 3), b = Math.max(own[i] & 7, shared[i] & 7);
      if (!a && !b) continue rows;
      guess ||= Math.max(a, b) === 1;
      score += Math.max(a && a + 2, b);
    }
    plain ||= !guess;
    row.score = guess ? score - 99 : score;
    hits.push(row);
  }
  return hits.filter((row) => !plain || row.score > 0).sort((a, b) => b.score - a.score);
};
