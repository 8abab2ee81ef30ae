import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They share a cluster, which nobody else has to have beside them; the last one deletes it. */
const sharing = ['cluster-client', 'context-guard', 'outage', 'cluster-failures']

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => sharing.findIndex(name => moduleId.endsWith(`${name}.test.ts`))
    return files.toSorted((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1))
  }
}

/** Tests against real engines, one file after the other: they share the engine and its ports. */
export default defineConfig({
  test: {
    include: ['test/live/**/*.test.ts'],
    globalSetup: ['test/live/shared-cluster.ts'],
    sequence: { sequencer: InOrder },
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // Scenes in a cluster mostly wait.
    maxConcurrency: 8,
  },
})
