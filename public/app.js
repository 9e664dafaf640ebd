// Optional: every page works without it.
const root = document.documentElement;
root.classList.add('js');
const $ = (s) => document.querySelector(s);
const $$ = (s, from = document) => [...from.querySelectorAll(s)];
const box = $('#q'), keys = $('#keys'), say = $('#say'), tree = $('#tree');
const atMost = 60;

// Rows are read once, just after load; a row keeps its copy for the list of matches.
let rows;
const read = () => {
  const stars = new Set($$('.fast .star[aria-pressed=true]').map((b) => b.value));
  const found = [];
  for (const env of $$('.env', tree)) for (const account of $$('.account', env)) {
    const name = account.querySelector('h3').textContent, words = account.dataset.words;
    for (const el of $$('.role', account)) {
      const link = el.querySelector('.go'), [, , slug, set] = link.pathname.split('/');
      const role = link.textContent, key = decodeURIComponent(`${slug}/${set}`);
      const text = tileText(`${role} ${name} ${env.dataset.label}`, `${words} ${key.split('/')[1]}`);
      found.push({ el, env, name, text, boost: stars.has(key) ? 0.5 : 0 });
    }
  }
  return found;
};
const copyOf = (row) => {
  if (row.copy) return row.copy;
  const copy = row.copy = row.el.cloneNode(true), place = document.createElement('b');
  copy.dataset.env = row.env.dataset.env;
  place.append(row.name);
  if (row.env.dataset.label) {
    const label = document.createElement('span');
    label.className = 'label';
    label.textContent = row.env.dataset.label;
    place.append(' ', label);
  }
  copy.querySelector('.go').prepend(place);
  return copy;
};
const filter = () => {
  rows ??= read();
  const query = box.value.trim(), hits = rankTiles(rows, query), best = query ? hits.slice(0, atMost) : [];
  const count = $('#count'), n = hits.length, cut = $('#cut');
  $('#results ul').replaceChildren(...best.map(copyOf));
  $('.hit')?.classList.remove('hit');
  best[0]?.copy.classList.add('hit');
  $('#results').hidden = !best.length;
  $('#browse').hidden = !!query;
  $('#none').hidden = !query || !!n;
  count.textContent = query || !count.dataset.all
    ? (n === 1 ? count.dataset.one : count.dataset.many.replace('#', n.toLocaleString(root.lang)))
    : count.dataset.all;
  cut.hidden = n <= atMost || !query;
  cut.firstElementChild.textContent = cut.firstElementChild.dataset.text.replace('#', atMost);
  cut.querySelector('a').search = new URLSearchParams({ q: query });
};

// Arrows walk the tiles as seen. Enter opens the best match; a caution role only gets focus.
const links = () => $$('#results .go, #browse .go').filter((a) => a.checkVisibility());
const step = (from, key) => {
  const all = links(), i = all.indexOf(from), d = /Up|Left/.test(key) ? -1 : 1;
  if (/Left|Right/.test(key)) return all[i + d];
  const at = (a) => a.closest('.role').getBoundingClientRect(), here = at(from);
  let best = d < 0 ? box : from, line, gap = Infinity;
  for (let j = i + d; all[j]; j += d) {
    const r = at(all[j]), off = Math.abs(r.left - here.left);
    if ((r.top - here.top) * d < 8) continue;
    line ??= r.top;
    if (Math.abs(r.top - line) > 8) break;
    if (off < gap) { gap = off; best = all[j]; }
  }
  return best;
};
if (box && !$('#browse').dataset.part) {
  box.addEventListener('input', filter);
  setTimeout(() => { rows ??= read(); }, 200);
  addEventListener('keydown', (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    const at = e.target, key = e.key, go = at.matches('.go'), hit = $('.hit .go');
    if (key === '/' && keys.checked && !at.matches('input,select,textarea')) { box.focus(); box.select(); }
    else if (key === 'Escape' && (go || at === box)) { box.value = ''; filter(); box.focus(); }
    else if (key === 'Enter' && at === box && hit) hit[$('.hit .caution') ? 'focus' : 'click']();
    else if (key === 'ArrowDown' && at === box) links()[0]?.focus();
    else if (key.startsWith('Arrow') && go) step(at, key)?.focus();
    else return;
    e.preventDefault();
  });
}
if (keys) {
  keys.checked = localStorage.keys !== 'off';
  keys.onchange = () => { localStorage.keys = keys.checked ? 'on' : 'off'; };
}
// The drawer's form leads to a question first; here the person's own click opens at once.
addEventListener('submit', (e) => {
  const form = e.target;
  if (form.method === 'post') { sessionStorage.at = scrollY; return; }
  if (!form.matches('.panel')) return;
  e.preventDefault();
  const go = form.closest('.role').querySelector('.go'), to = new URL(go.href);
  for (const [name, value] of new FormData(form)) if (value.trim()) to.searchParams.set(name, value.trim());
  if (go.target) open(to, go.target, 'noopener'); else location.assign(to);
});
if (sessionStorage.at) { scrollTo(0, sessionStorage.at); sessionStorage.removeItem('at'); }

addEventListener('click', async ({ target }) => {
  $$('.me[open]').forEach((me) => { if (!me.contains(target)) me.open = false; });
  const b = target.closest('[data-copy],[data-copy-text]');
  if (!b) return;
  const from = b.dataset.copyText && document.getElementById(b.dataset.copyText);
  await navigator.clipboard.writeText(from ? (from.value ?? from.textContent) : new URL(b.dataset.copy, location).href);
  say.textContent = say.dataset.copied;
  setTimeout(() => { say.textContent = ''; }, 2000);
});

// Pages come in UTC; readers live somewhere.
const locale = root.lang === 'en' ? 'en-GB' : root.lang, minute = { hour: '2-digit', minute: '2-digit' };
$$('time[datetime]').forEach((t) => {
  const at = new Date(t.dateTime), style = t.dataset.time;
  const day = at.toLocaleDateString(locale, { dateStyle: 'long' });
  const clock = at.toLocaleTimeString(locale, style === 'clock' ? minute
    : { ...minute, timeZoneName: 'short', second: style && '2-digit' });
  t.title = t.dateTime;
  t.textContent = style === 'day' ? day : style === 'clock' ? clock : day + (root.lang === 'en' ? ', ' : ' ') + clock;
});
setInterval(() => $$('[data-left]').forEach((t) => {
  const m = t.dataset.left - Math.floor(performance.now() / 6e4), { leftHours, leftMinutes, over } = $('main').dataset;
  t.textContent = m < 0 ? over : (m < 60 ? leftMinutes : leftHours).replace('{h}', Math.floor(m / 60)).replace('{m}', m % 60);
}), 3e4);
