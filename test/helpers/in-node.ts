import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Runs TypeScript in a Node of its own; imports start at the root of the repository. Its group is ended with the test. */
export async function inNode(code: string): Promise<ChildProcess> {
  const folder = mkdtempSync(join(root, 'node_modules', '.in-node-'))
  const outfile = join(folder, 'main.mjs')
  const stdin = { contents: code, resolveDir: root, loader: 'ts' } as const
  await build({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [outfile], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  })
  return child
}
