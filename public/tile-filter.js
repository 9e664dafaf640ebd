// The rule of src/domain/tile-filter.ts, for app.js. No import between the two: each address carries a hash.
const normal = (s) => s.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim();
const tileText = (names, rest) => ({ names: ` ${normal(names)} `, rest: ` ${normal(rest)} ` });

const level = (text, { word, gaps }) =>
  text.includes(` ${word}`) ? (text.includes(` ${word} `) ? 4 : 3)
    : text.includes(word) ? 2 : gaps.test(text) ? 1 : 0;

const rankTiles = (rows, query) => {
  const terms = normal(query.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8).map((word) => {
    const [first, ...others] = word;
    return { word, gaps: new RegExp(` ${first}${others.map((c) => `[^ ${c}]*${c}`).join('')}`, 'u') };
  });
  if (!terms.length) return rows;
  const hits = [];
  let plain = false;
  rows: for (const row of rows) {
    let score = row.boost, guess = false;
    for (const term of terms) {
      const a = level(row.text.names, term), b = level(row.text.rest, term);
      if (!a && !b) continue rows;
      guess ||= Math.max(a, b) === 1;
      score += Math.max(a && a + 2, b);
    }
    plain ||= !guess;
    hits.push({ row, score, guess });
  }
  return hits.filter((h) => !plain || !h.guess).sort((a, b) => b.score - a.score).map((h) => h.row);
};
Object.assign(globalThis, { tileText, rankTiles });
