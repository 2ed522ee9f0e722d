/** Templates of the consumer's page (Eta 4: `<%= %>` escapes, `<%~ %>` does not). They are compiled once, when the service starts. */

/** Everything before the contents. `it`: language, title, brand, other, otherLanguage, style. */
export const HEAD = `<!doctype html><html lang="<%= it.language %>"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><meta name="format-detection" content="telephone=no"><title><%= it.title %> · <%= it.brand %></title>
<link rel="icon" href="data:,"><style><%~ it.style %></style></head><body><header><span><%= it.brand %> · <%= it.title %></span>
<a href="?lang=<%= it.otherLanguage %>" hreflang="<%= it.otherLanguage %>" lang="<%= it.otherLanguage %>"><%= it.other %></a></header><main>`;

export const FOOT = '</main></body></html>';

/** The verdict. `it`: tone, icon, word, sentences, reason, scans. */
export const VERDICT = `<div class="v <%= it.tone %>"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><%~ it.icon %></svg><h1><%= it.word %></h1>
<% it.sentences.forEach((sentence) => { %><p><%= sentence %></p><% }) %><% if (it.rows.length) { %><dl><% it.rows.forEach(([name, value]) => { %><div><dt><%= name %></dt><dd><%= value %></dd></div><% }) %></dl><% } %></div>`;

const rows = (list: string) =>
  `<dl><% ${list}.forEach(([name, value]) => { %><div><dt><%= name %></dt><dd><%= value %></dd></div><% }) %></dl>`;

/** What is known of the goods; the same for every code of a lot. */
export const GOODS = `<% const { word } = it; if (it.product.length) { %><section><h2><%= word('product') %></h2>${rows('it.product')}
<% if (it.map) { %><svg class="map" viewBox="0 0 <%= it.map.width %> <%= it.map.height %>" role="img" aria-label="<%= it.mapLabel %>"><% if (it.map.towns) { %><path d="<%= it.map.towns %>"/><% } %><% if (it.map.town) { %><path class="o" d="<%= it.map.town %>"/><% } %><% it.map.points.forEach(({ x, y }) => { %><circle cx="<%= x %>" cy="<%= y %>" r="2"/><% }) %><% if (it.map.dot) { %><circle class="d" cx="<%= it.map.dot.x %>" cy="<%= it.map.dot.y %>" r="5"/><% } %></svg><small><%= it.mapLabel %></small><% } %></section><% } %>
<% if (it.producer.length) { %><section><h2><%= word('producer') %></h2>${rows('it.producer')}</section><% } %>
<% if (it.isLot) { %><section><h2><%= word('certificate') %></h2><% if (it.certificate) { %>${rows('it.certificate.rows')}<a class="b" href="<%= it.certificate.href %>"><%= word('certificate.see') %></a><% } else { %><p class="n"><%= word('certificate.none') %></p><% } %></section>
<section><h2><%= word('tests') %></h2><% if (it.tests.length) { %><ul><% it.tests.forEach((test) => { %><li><%= test.item %> <b class="<%= test.good ? 'ok' : 'no' %>"><%= test.good ? '✓' : '✗' %> <%= test.result %></b><br><small><%= test.detail %></small></li><% }) %></ul><% } else { %><p class="n"><%= word('tests.none') %></p><% } %>
</section><% if (it.inputs.length) { %><section><h2><%= word('inputs') %></h2><ul><% it.inputs.forEach((input) => { %><li><%= input.name %><br><small><%= input.detail %></small></li><% }) %></ul></section><% } %>
<section><h2><%= word('timeline') %></h2><ol><% it.timeline.forEach((step) => { %><li><%= step.text %><br><small><%= step.detail %></small></li><% }) %></ol><% if (it.parcels) { %><small><%= word('timeline.note') %></small><% } %></section><% } %>`;

/** What follows the goods: the recall, and the way to report a fake. `it`: word, recall, code, shownCode, language. */
export const TAIL = `<% const { word } = it; if (it.isLot) { %><section><h2><%= word('recall') %></h2><% if (it.recall) { %>${rows('it.recall')}<% } else { %><p class="n"><%= word('recall.none') %></p><% } %></section><% } %>
<% if (it.code) { %><section><a class="b" href="/t/<%= it.code %>/report?lang=<%= it.language %>"><%= word('report') %></a></section><% } %>
<div class="k"><% if (it.shownCode) { %><small><%= word('code') %> <%= it.shownCode %></small><% } %></div>`;

/** The form of a report. `it`: word, code, shownCode, language, id, values, error. */
export const REPORT = `<% const { word } = it; %><section><h1><%= word('report') %></h1><p><%= word('report.intro') %></p><p class="n"><%= word('report.code') %> <%= it.shownCode %></p>
<% if (it.error) { %><p class="e" role="alert"><%= it.error %></p><% } %><form method="post" action="/t/<%= it.code %>/report?lang=<%= it.language %>"><input type="hidden" name="id" value="<%= it.id %>">
<label for="t"><%= word('report.text') %></label><textarea id="t" name="text" maxlength="1000" required><%= it.values.text %></textarea>
<label for="w"><%= word('report.boughtAt') %></label><input id="w" name="boughtAt" maxlength="100" value="<%= it.values.boughtAt %>">
<label for="c"><%= word('report.contact') %></label><input id="c" name="contact" maxlength="100" value="<%= it.values.contact %>">
<div class="p" aria-hidden="true"><label for="x"><%= word('report.leave') %></label><input id="x" name="website" tabindex="-1" autocomplete="off"></div>
<button><%= word('report.send') %></button></form><a class="b" href="/t/<%= it.code %>?lang=<%= it.language %>"><%= word('back') %></a></section><div class="k"></div>`;

/** Something to say, and a way back. `it`: tone, icon, title, text, href, link. */
export const NOTE = `<div class="v <%= it.tone %>"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><%~ it.icon %></svg><h1><%= it.title %></h1><p><%= it.text %></p></div><% if (it.href) { %><a class="b" href="<%= it.href %>"><%= it.link %></a><% } %><div class="k"></div>`;

/** A certificate. `it`: word, tone, icon, state, note, newer, rows, promises. */
export const CERTIFICATE = `<% const { word } = it; %><div class="v <%= it.tone %>"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><%~ it.icon %></svg><h1 lang="zh-CN">承诺达标合格证</h1><p><%= it.state %></p><% if (it.note) { %><p><%= it.note %></p><% } %></div>
<% if (it.newer) { %><a class="b" href="<%= it.newer %>"><%= word('certificate.newer') %></a><% } %><section>${rows('it.rows')}</section><section><h2><%= word('certificate.promises') %></h2><ul lang="zh-CN"><% it.promises.forEach((promise) => { %><li><%= promise %></li><% }) %></ul></section><div class="k"></div>`;
