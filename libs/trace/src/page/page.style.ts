/** The one style sheet of the consumer's pages, inline, and the policy that lets it in by its hash and nothing else. */
import { createHash } from 'node:crypto';

/** Colours of the design, both grounds; at least 4.5:1. */
const SHEET = `
:root{color-scheme:light dark;--ground:#fff;--soft:#f3f6f5;--text:#101828;--grey:#475467;--line:#d5ddd9;--ink:#0b6b4f;--care:#9a5b00;--stop:#b42318;--link:#1d4ed8;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ground:#0f1a17;--soft:#182622;--text:#eef3f1;--grey:#c3ccd6;--line:#33463f;--ink:#5fd3ae;--care:#f2b35e;--stop:#ff9b8e;--link:#9db8ff;--on:#0f1a17}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:1.125rem/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main{max-width:36rem;margin:0 auto;padding:0 1rem}
header{display:flex;justify-content:space-between;align-items:center;color:var(--grey)}
a{color:var(--link)}
header a{padding:.75rem 0 .75rem 1rem;font-size:1rem}
.v{background:var(--c);color:var(--on);border-radius:1rem;padding:1.25rem}
.v svg{width:4rem;height:4rem;display:block}
.genuine,.lot{--c:var(--ink)}.suspicious,.void{--c:var(--care)}.recalled,.unknown{--c:var(--stop)}
h1{font-size:2.25rem;line-height:1.2;margin:.25rem 0 .5rem}
.v p{margin:.25rem 0;font-size:1.25rem;line-height:1.5}
.v dl{margin:1rem 0 0;border-top:1px solid}
.v dt,.v dd{color:inherit}
section{padding:1.25rem 0 0}
h2{font-size:1.25rem;margin:0 0 .25rem}
dl{margin:0}
dl div{display:flex;gap:1rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
.v dl div{border-bottom:0;padding:.5rem 0 0}
dt{flex:0 0 6.25rem;color:var(--grey)}
dd{margin:0;flex:1}
.map{display:block;width:100%;max-height:15rem;margin:.5rem 0;background:var(--soft);border-radius:.75rem}
.map path{fill:none;stroke:var(--grey);stroke-width:.8}
.map .o{fill:var(--ink);fill-opacity:.3;stroke:var(--ink);stroke-width:1.6}
.map circle{fill:var(--grey)}
.map .d{fill:var(--stop);stroke:var(--ground);stroke-width:1.5}
ol{list-style:none;margin:.5rem 0 0;padding:0 0 0 1.25rem;border-left:3px solid var(--line)}
li{position:relative;padding:0 0 .9rem}
li::before{content:"";position:absolute;left:-1.75rem;top:.5rem;width:.8rem;height:.8rem;border-radius:50%;background:var(--ink)}
ul{margin:0;padding-left:1.25rem}
ul li{padding:.15rem 0}
ul li::before{display:none}
small,.n{color:var(--grey);font-size:1rem}
.ok{color:var(--ink)}.no{color:var(--stop)}
.b,button{display:block;width:100%;min-height:3rem;margin:1.5rem 0 0;padding:.75rem 1rem;border:2px solid var(--link);border-radius:.75rem;background:none;color:var(--link);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
button{background:var(--ink);border-color:var(--ink);color:var(--on);font-size:1.25rem}
label{display:block;margin:1rem 0 .25rem}
input,textarea{width:100%;min-height:3rem;padding:.6rem .75rem;border:1px solid var(--grey);border-radius:.5rem;background:var(--ground);color:var(--text);font:inherit}
textarea{min-height:8rem}
.p{position:absolute;left:-99rem}
.e{color:var(--stop);font-weight:bold}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.k{padding:1.5rem 0 2rem}
`;

/** The style sheet as it stands in the page. */
export const PAGE_STYLE = SHEET.replace(/\n/g, '');

const hash = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** No script, no other origin, no further request: the style by its hash, pictures only from `data:`. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');
