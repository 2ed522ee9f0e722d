// Tests on a real database (and on a real Redis when TEST_REDIS_URL names one): run after `npm run build`.
import base from './jest.config.js';

export default {
  ...base,
  roots: ['<rootDir>/test/integration'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/factories/global.setup.mjs',
  globalTeardown: '<rootDir>/test/factories/global.teardown.mjs',
  testTimeout: 60_000,
  maxWorkers: 2,
};
