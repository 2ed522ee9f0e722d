export default {
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/prisma', '<rootDir>/test/web'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/apps/web/'],
};
