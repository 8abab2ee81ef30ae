import { defineConfig } from 'vitest/config'

/** Tests against real engines, one file after the other: they share the engine and its ports. */
export default defineConfig({
  test: {
    include: ['test/live/**/*.test.ts'],
    globalSetup: ['test/live/shared-cluster.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
