// Tests of the built application as a whole, started as its own process: over HTTP, in a browser, and killed. Run after `npm run build`.
import base from './jest.config.js';

export default {
  ...base,
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/{e2e,browser,chaos}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 400_000,
  maxWorkers: 1,
};
