import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** Who may import whom: each library, and what it may build on. Only through a library's index (`#name`). */
const MAY_IMPORT = {
  'libs/contracts': [],
  'libs/platform': ['contracts'],
  'libs/directory': ['contracts', 'platform'],
  'libs/upflow': ['contracts', 'platform', 'directory'],
  'libs/logistics': ['contracts', 'platform', 'directory'],
  'libs/trace': ['contracts', 'platform', 'directory'],
  'libs/insight': ['contracts', 'platform', 'directory'],
};
const LIBRARIES = ['contracts', 'platform', 'directory', 'upflow', 'logistics', 'trace', 'insight'];
const APPS = ['standalone', 'directory', 'upflow', 'logistics', 'trace', 'insight', 'web'];

const PAST_THE_INDEX = {
  regex: String.raw`(^|/)libs/|^(\.\./)+(contracts|platform|directory|upflow|logistics|trace|insight)/src/|^#[a-z]+/|(^|/)dist/`,
  message: 'Import another library through its index: #name.',
};

/** One rule set a folder, because an import is judged by where it stands; `extra` are more patterns that it may not import. */
function imports(files, forbidden, extra) {
  const layers = {
    regex: `^#(${forbidden.join('|')})$`,
    message: 'contracts ← platform ← directory ← domain libraries ← apps; domains speak through events.',
  };
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [PAST_THE_INDEX, layers, ...extra] }] } };
}

const libraryImports = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const forbidden = LIBRARIES.filter((name) => !allowed.includes(name));
  const serverOnly = {
    regex: '^(node:|@nestjs/|#prisma$)',
    message: 'Contracts are imported by the web: schemas and types only.',
  };
  return imports([`${folder}/**/*.ts`], forbidden, folder === 'libs/contracts' ? [serverOnly] : []);
});

const appImports = APPS.map((app) => {
  const others = APPS.filter((name) => name !== app).join('|');
  const otherApps = { regex: `^(\\.\\./)+(${others})/|(^|/)apps/`, message: 'An app never imports another app.' };
  const forbidden = app === 'web' ? [...LIBRARIES.filter((name) => name !== 'contracts'), 'prisma'] : ['prisma'];
  return imports([`apps/${app}/**/*.{ts,vue}`], forbidden, [otherApps]);
});

const rules = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-debugger': 'error',
  'no-empty': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'The environment is parsed once, in libs/platform/src/config.' },
  ],
};

export default tseslint.config(
  {
    ignores: ['**/node_modules/', 'dist/', '.data/', '.cache/', 'coverage/', 'prisma/generated/', 'test/fixtures/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules,
  },
  ...vue.configs['flat/recommended'],
  {
    // One setting for the web's .ts and .vue alike, else the type checker would load the project twice.
    files: ['apps/web/**/*.{ts,vue}'],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      ...rules,
      // Layout belongs to Prettier.
      ...Object.fromEntries(
        [
          'html-closing-bracket-newline',
          'html-indent',
          'html-self-closing',
          'max-attributes-per-line',
          'multiline-html-element-content-newline',
          'singleline-html-element-content-newline',
          'first-attribute-linebreak',
        ].map((name) => [`vue/${name}`, 'off']),
      ),
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
    },
  },
  ...libraryImports,
  ...appImports,
  {
    files: ['libs/platform/src/config/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // Commands for a person at a terminal.
    files: ['apps/standalone/src/*.ts', 'test/load/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
      'no-unreachable': 'error',
      'no-dupe-keys': 'error',
    },
  },
);
