import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { gzipBytes, offlineFiles, shellFiles, stationFiles } from './vite.station.js';

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const APPS = ['station', 'county', 'producer'] as const;
const SMALLEST_COMPRESSED_BYTES = 1024;

/** In development, a path inside an app answers with that app's page, as the built server does. */
function appPages(): Plugin {
  return {
    name: 'app-pages',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const [address = '', query] = (request.url ?? '').split('?');
        const app = APPS.find((name) => address === `/${name}` || address.startsWith(`/${name}/`));
        const isPage = app && request.headers.accept?.includes('text/html');
        if (isPage) request.url = `/${app}/index.html${query ? `?${query}` : ''}`;
        next();
      });
    },
  };
}

/** The pages draw their own icons: Vant's icon font, and the other site that its style names, are left out. */
function noIconFont(): Plugin {
  return {
    name: 'no-icon-font',
    enforce: 'pre',
    load: (id) => (/[\\/]vant[\\/]es[\\/]icon[\\/]index\.css/.test(id) ? '' : undefined),
  };
}

/** Writes each text asset compressed as well: the server sends the smallest that the browser takes. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle(options, bundle) {
      const files = Object.keys(bundle).filter((file) => /\.(js|css|svg)$/.test(file));
      for (const file of files.map((name) => path.join(options.dir ?? '', name))) {
        const source = await readFile(file);
        if (source.length < SMALLEST_COMPRESSED_BYTES) continue;
        await writeFile(`${file}.gz`, gzipSync(source, { level: 9 }));
        await writeFile(`${file}.br`, brotliCompressSync(source));
      }
    },
  };
}

/** What the station app is made of, found in the build: its worker keeps these files and no other app's. */
const station = { files: new Set<string>() };
function stationGraph(): Plugin {
  return {
    name: 'station-graph',
    apply: 'build',
    generateBundle(_options, bundle) {
      station.files = stationFiles(bundle);
      const shell = shellFiles(bundle);
      this.info(
        `station app before its first page: ${shell.length} files, ${(gzipBytes(bundle, shell) / 1000).toFixed(1)} kB gzip`,
      );
    },
  };
}

/** The station app's worker: our own file, with the list of what it keeps put in by the build. */
function stationWorker() {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src/station',
    filename: 'sw.ts',
    // The page registers the worker itself, and the manifest is a file of its own: other apps' pages have neither.
    injectRegister: false,
    manifest: false,
    injectManifest: {
      rollupFormat: 'iife',
      globPatterns: ['assets/*', 'station/*'],
      globIgnores: ['**/*.{br,gz,map}'],
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 4_000_000,
      manifestTransforms: [(entries) => ({ manifest: offlineFiles(entries, station.files), warnings: [] })],
    },
  });
}

export default defineConfig({
  root: at('.'),
  appType: 'mpa',
  plugins: [vue(), appPages(), noIconFont(), stationGraph(), stationWorker(), compressed()],
  resolve: {
    alias: [
      { find: '#contracts', replacement: at('../../libs/contracts/src/index.ts') },
      // The build for browsers of the last years: smaller than the one that its package names first.
      { find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' },
    ],
  },
  define: {
    __APP_VERSION__: JSON.stringify(version),
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/api', '/t', '/01', '/health'].map((path) => [path, { target: 'http://127.0.0.1:8080' }])),
  },
  build: {
    outDir: at('../../dist/web'),
    emptyOutDir: true,
    // Village phones keep their browser for years.
    target: ['chrome87', 'safari14'],
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: {
        login: at('index.html'),
        station: at('station/index.html'),
        county: at('county/index.html'),
        producer: at('producer/index.html'),
      },
      treeshake: {
        // Schemas that a page does not use need not travel to it.
        moduleSideEffects: [{ test: /[\\/]libs[\\/]contracts[\\/]/, sideEffects: false }],
      },
    },
  },
});
