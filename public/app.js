// Optional: every page works without it.
const d = document, root = d.documentElement, english = root.lang === 'en', locale = english ? 'en-GB' : 'ja';
root.classList.add('js');
const $ = (s, from = d) => from.querySelector(s);
const $$ = (s, from = d) => [...from.querySelectorAll(s)];
const box = $('#q'), keys = $('#keys'), say = $('#say'), number = new Intl.NumberFormat(locale);

// As filter-texts.ts prints it: reading 5,000 tiles would cost a frame.
const accounts = $$('#tree .account');
const read = () => {
  const { roles, texts } = $('#tree').dataset;
  if (!texts) return [];
  const text = (names, rest) => ({ names: ` ${names} `, rest: ` ${rest} ` });
  const sets = roles.split(';').map((one) => text(...one.split(',')));
  return texts.split(';').flatMap((one, account) => {
    const [names, rest, held] = one.split(','), shared = text(names, rest);
    return held.split('.').map((set, at) =>
      ({ account, at, own: sets[parseInt(set)], shared, boost: set.endsWith('*') ? 0.5 : 0 }));
  });
};
// A copy's drawer is put in when it opens: two dozen would cost the frame.
const copyOf = (row) => {
  if (row.copy) return row.copy;
  const account = accounts[row.account], env = account.closest('.env').dataset;
  const copy = row.copy = $$('.role', account)[row.at].cloneNode(true), panel = $('.panel', copy);
  const place = d.createElement('b'), label = d.createElement('span');
  copy.title = account.title;
  copy.dataset.env = env.env;
  label.className = 'label';
  label.textContent = env.label;
  place.append($('h3,h4', account).textContent, ' ', label);
  $('.go', copy).prepend(place);
  panel?.remove();
  $('.more', copy)?.addEventListener('toggle', (e) => e.target.append(panel), { once: true });
  return copy;
};
const filter = () => {
  const query = box.value.trim(), hits = query ? rankTiles(rows, query) : [], n = hits.length;
  const cut = $('#cut'), { most } = cut.dataset, best = hits.slice(0, most).map(copyOf);
  const count = $('#count'), { one, many, all } = count.dataset, list = $('#results ul'), old = list.children;
  $('.hit', list)?.classList.remove('hit');
  best.forEach((copy, i) => copy === old[i] || list.insertBefore(copy, old[i]));
  while (old[best.length]) list.lastChild.remove();
  best[0]?.classList.add('hit');
  $('#results').hidden = !n;
  $('#browse').classList.toggle('away', query);
  $('#none').hidden = !query || n;
  count.textContent = !query ? all : n === 1 ? one : many.replace('#', number.format(n));
  cut.hidden = n <= most;
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
const rows = $('#count')?.dataset.all && read();
if (rows) {
  box.oninput = filter;
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
