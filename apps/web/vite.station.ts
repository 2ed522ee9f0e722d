/** Which built files the station app is made of, from the graph of the build. Pure. */
import { gzipSync } from 'node:zlib';
import type { Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> } };

const ENTRY = /[\\/]station[\\/]index\.html$/;

function entryOf(bundle: Bundle): Chunk | undefined {
  return Object.values(bundle).find(
    (item): item is Chunk => item.type === 'chunk' && item.isEntry && ENTRY.test(item.facadeModuleId ?? ''),
  );
}

/** The files that a chunk leads to: those that load with it, and with `later` also those that it asks for when they are needed, such as the scanner. */
function reached(bundle: Bundle, later: boolean): Set<string> {
  const found = new Set<string>();
  const open = [entryOf(bundle)?.fileName ?? ''];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chunk: Chunk | Rolldown.OutputAsset | undefined = bundle[name];
    if (!chunk || found.has(name)) continue;
    found.add(name);
    if (chunk.type !== 'chunk') continue;
    open.push(...chunk.imports, ...(later ? chunk.dynamicImports : []));
    open.push(...(chunk.viteMetadata?.importedCss ?? []), ...(later ? (chunk.viteMetadata?.importedAssets ?? []) : []));
  }
  return found;
}

/** The scanner's WebAssembly is named inside its worker, the mark in the page: the graph of the scripts reaches neither. */
const BESIDE_THE_GRAPH = /\.wasm$|[\\/]mark-[^\\/]*\.svg$/;

/** Every file that the station app may ask for. */
export function stationFiles(bundle: Bundle): Set<string> {
  return new Set([...reached(bundle, true), ...Object.keys(bundle).filter((name) => BESIDE_THE_GRAPH.test(name))]);
}

/** What must arrive before the first page shows: the entry with its imports and styles, and the words of one language. */
export function shellFiles(bundle: Bundle): string[] {
  const words = [...stationFiles(bundle)].filter((name) => /\.zh-CN-[^/]*\.js$/.test(name));
  return [...reached(bundle, false), ...words];
}

/** Bytes of these files, each compressed by itself as the server sends them. */
export function gzipBytes(bundle: Bundle, names: readonly string[]): number {
  return names.reduce((sum, name) => {
    const item = bundle[name];
    return sum + (item ? gzipSync(item.type === 'chunk' ? item.code : item.source, { level: 9 }).length : 0);
  }, 0);
}

/** The list for the worker: the app's own files, under the addresses at which pages ask for them. */
export function offlineFiles<E extends { url: string }>(entries: readonly E[], files: ReadonlySet<string>): E[] {
  const own = entries.filter(({ url }) => url.startsWith('station/') || files.has(url));
  return own.map((entry) => ({ ...entry, url: `/${entry.url}` }));
}
