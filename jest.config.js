import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // A machine that does other things at the same time is slow, not wrong.
  testTimeout: 60_000,
  // jest would leave one processor free, which of two is half.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.mailversand/'],
  // With `--coverage`: what decides over a municipality's mail has no branch that no test takes.
  collectCoverageFrom: ['lib/config/**/*.ts', 'lib/migration/**/*.ts'],
  coverageThreshold: { 'lib/config/': { branches: 100 }, 'lib/migration/': { branches: 100 } },
  coverageReporters: ['text-summary', ['text', { skipFull: true }]],
};
