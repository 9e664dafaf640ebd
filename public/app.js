// Optional: every page works without it.
const d = document, root = d.documentElement, english = root.lang === 'en', locale = english ? 'en-GB' : 'ja';
root.classList.add('js');
const $ = (s, from = d) => from.querySelector(s);
const $$ = (s, from = d) => [...from.querySelectorAll(s)];
const box = $('#q'), keys = $('#keys'), say = $('#say'), atMost = 24;

// Rows are read once; a row keeps its copy for the list of matches.
let rows;
const read = () => {
  const stars = new Set($$('.fast .star[aria-pressed=true]').map((b) => b.value));
  return $$('#tree .env').flatMap((env) => $$('.account', env).flatMap((account) => {
    const name = $('h3', account).textContent;
    return $$('.role', account).map((el) => {
      const link = $('.go', el), [, , slug, set] = link.pathname.split('/').map(decodeURIComponent);
      const text = tileText(`${link.textContent} ${name} ${env.dataset.label}`, `${account.dataset.words} ${set}`);
      return { el, env: env.dataset, name, text, boost: stars.has(`${slug}/${set}`) ? 0.5 : 0 };
    });
  }));
};
// A copy's drawer is filled when it opens: two dozen would cost the frame.
const copyOf = (row) => {
  if (row.copy) return row.copy;
  const { el, env, name } = row, copy = row.copy = el.cloneNode();
  const place = d.createElement('b'), label = d.createElement('span');
  copy.dataset.env = env.env;
  copy.append(...[...el.children].map((child) => child.cloneNode(!child.matches('.more'))));
  label.className = 'label';
  label.textContent = env.label;
  place.append(name, ' ', label);
  $('.go', copy).prepend(place);
  const more = $('.more', copy), [dots, panel] = $('.more', el)?.children ?? [];
  more?.append(dots.cloneNode());
  more?.addEventListener('toggle', () => more.append(panel.cloneNode(true)), { once: true });
  return copy;
};
const filter = () => {
  rows ??= read();
  const query = box.value.trim(), hits = rankTiles(rows, query), n = hits.length, best = query ? hits.slice(0, atMost) : [];
  const count = $('#count'), { one, many, all } = count.dataset, cut = $('#cut'), [shown, every] = cut.children;
  $('#results ul').replaceChildren(...best.map(copyOf));
  $('.hit')?.classList.remove('hit');
  best[0]?.copy.classList.add('hit');
  $('#results').hidden = !n || !query;
  $('#browse').hidden = !!query;
  $('#none').hidden = !query || n;
  count.textContent = !query ? all : n === 1 ? one : many.replace('#', n.toLocaleString(locale));
  cut.hidden = !query || n <= atMost;
  shown.textContent = shown.dataset.text.replace('#', atMost);
  every.search = new URLSearchParams({ q: query });
};

// Arrows walk tiles as seen. Enter opens the best match; a caution role only gets focus.
const links = () => $$('#results .go, #browse .go').filter((a) => a.checkVisibility());
const step = (from, key) => {
  const all = links(), i = all.indexOf(from), way = /Up|Left/.test(key) ? -1 : 1;
  if (/Left|Right/.test(key)) return all[i + way];
  const at = (a) => a.closest('.role').getBoundingClientRect(), here = at(from);
  let best = way < 0 ? box : from, line, gap = Infinity;
  for (let j = i + way; all[j]; j += way) {
    const r = at(all[j]), off = Math.abs(r.left - here.left);
    if ((r.top - here.top) * way < 8) continue;
    line ??= r.top;
    if (Math.abs(r.top - line) > 8) break;
    if (off < gap) { gap = off; best = all[j]; }
  }
  return best;
};
if ($('#count')?.dataset.all) {
  box.oninput = filter;
  setTimeout(() => { rows ??= read(); }, 200);
  addEventListener('keydown', (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    const at = e.target, key = e.key, go = at.matches('.go'), hit = $('.hit .go');
    if (key === '/' && keys.checked && !at.matches('input,select')) box.select();
    else if (key === 'Escape' && (go || at === box)) { box.value = ''; filter(); box.focus(); }
    else if (key === 'Enter' && at === box && hit) hit[$('.hit .caution') ? 'focus' : 'click']();
    else if (key === 'ArrowDown' && at === box) links()[0]?.focus();
    else if (key.startsWith('Arrow') && go) step(at, key)?.focus();
    else return;
    e.preventDefault();
  });
  keys.checked = localStorage.keys !== 'off';
  keys.onchange = () => { localStorage.keys = keys.checked ? 'on' : 'off'; };
}

// Without script the drawer asks first; a click with script opens at once.
addEventListener('submit', (e) => {
  const form = e.target;
  if (form.method === 'post') sessionStorage.at = scrollY;
  if (!form.matches('.panel')) return;
  e.preventDefault();
  const go = $('.go', form.closest('.role')), to = new URL(go.href);
  for (const [name, value] of new FormData(form)) if (value) to.searchParams.set(name, value);
  open(to, go.target || '_self', go.target && 'noopener');
});
if (sessionStorage.at) scrollTo(0, sessionStorage.at);
sessionStorage.removeItem('at');

addEventListener('click', async ({ target }) => {
  $$('.me[open]').forEach((me) => { me.open = me.contains(target); });
  const { copy, copyText } = target.closest('[data-copy],[data-copy-text]')?.dataset ?? {};
  if (!copy && !copyText) return;
  const from = copyText && d.getElementById(copyText);
  await navigator.clipboard.writeText(from ? from.value ?? from.textContent : new URL(copy, location).href);
  say.textContent = say.dataset.copied;
  setTimeout(() => { say.textContent = ''; }, 2000);
});

// Pages come in UTC; readers live somewhere.
$$('time[datetime]').forEach((t) => {
  const at = new Date(t.dateTime), style = t.dataset.time, two = '2-digit', full = style !== 'clock';
  const day = at.toLocaleDateString(locale, { dateStyle: 'long' });
  const clock = at.toLocaleTimeString(locale, { hour: two, minute: two, ...full && { second: style && two, timeZoneName: 'short' } });
  t.textContent = style === 'day' ? day : full ? day + (english ? ', ' : ' ') + clock : clock;
});
setInterval(() => $$('[data-left]').forEach((t) => {
  const m = t.dataset.left - (performance.now() / 6e4 | 0), { leftHours, leftMinutes, over } = $('main').dataset;
  t.textContent = m < 0 ? over : (m < 60 ? leftMinutes : leftHours).replace('{h}', m / 60 | 0).replace('{m}', m % 60);
}), 3e4);
