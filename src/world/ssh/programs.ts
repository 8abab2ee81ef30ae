import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reader, RunOptions } from '../../check/reader.ts'
import type { RunView } from '../../lab/machine.ts'
import { CouldNotLook } from '../../lab/verdict.ts'
import { shownText } from '../output.ts'
import { runProgram } from '../run-program.ts'
import type { RemoteCluster } from './cluster.ts'
import { firstLine } from './files.ts'
import type { Master } from './master.ts'
import type { Remote } from './remote.ts'
import { findScript, programScript } from './script.ts'

const limitMs = 10_000

/** Where a student's programs are. */
export function programFolders(home: string): readonly string[] {
  const own = [`${home}/.local/bin`, `${home}/bin`]
  return ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', '/snap/bin', ...own]
}

/** The absolute path of a program there; `null`: in none of the folders. */
export async function findThere(remote: Remote, folders: readonly string[], program: string): Promise<string | null> {
  if (program.includes('/')) return program.startsWith('/') ? program : null
  return (await remote.look(findScript(program, folders))).stdout.toString() || null
}

/** Programs that only look, on the student's machine; without a shell of theirs, a terminal or their environment. */
export function createRun(remote: Remote, folders: readonly string[]): Reader['run'] {
  return async (argv, { cwd, env = {}, stdin, timeoutMs, signal }) => {
    const [tool = '', ...args] = argv
    const program = await findThere(remote, folders, tool)
    if (program === null) throw new CouldNotLook('tool.missing', { tool })
    const script = programScript({
      argv: [program, ...args],
      cwd,
      env: { PATH: folders.join(':'), LC_ALL: 'C.UTF-8', LANGUAGE: 'C', ...env },
      stdin,
    })
    const { exitCode, stdout, stderr, timedOut } = await remote.run(script, { timeoutMs, signal })
    const { line, rest } = firstLine(stdout)
    if (line === 'folder') throw new CouldNotLook('folder.missing', { path: cwd })
    if (line === 'program') throw new CouldNotLook('tool.missing', { tool })
    return { exitCode, stdout: shownText(rest.toString()), stderr: shownText(stderr.toString()), timedOut }
  }
}

/**
 * `kubectl apply --dry-run=server -f FILE`, run here: with the student's file, but our kubectl and a kubeconfig that only
 * leads to their cluster. Anything else of kubectl is refused: `ssh.not-here`.
 */
export function createKubectl(master: Master, cluster: RemoteCluster, file: Reader['file'], env: NodeJS.ProcessEnv) {
  let serial = 0
  return async (argv: readonly string[], options: RunOptions): Promise<RunView> => {
    const context = after(argv, '--context')
    const path = after(argv, '-f')
    const dry = argv.includes('apply') && argv.includes('--dry-run=server')
    const refuse = (reason: string) => new CouldNotLook('ssh.not-here', { host: master.host, what: 'kubectl', reason })
    if (!dry || context === undefined || path === undefined) throw refuse('not a dry run')
    const found = await file(path)
    if (found?.text === undefined) throw refuse(found ? `not a text: ${path}` : `no such file: ${path}`)
    // kubectl itself tries for long where nobody answers.
    await cluster.reader.get(context, '/version')
    const reached = await cluster.reach(context)
    const copy = join(master.folder, `manifest-${serial++}.yaml`)
    await writeFile(copy, found.text, { mode: 0o600 })
    try {
      const words = argv.map((word, i) => (argv[i - 1] === '-f' ? copy : word))
      const { stdin: _, ...rest } = options
      const view = await runProgram({ PATH: env['PATH'], HOME: master.folder }, words, {
        ...rest,
        cwd: master.folder,
        env: { ...options.env, KUBECONFIG: reached.file },
        timeoutMs: Math.max(options.timeoutMs, limitMs),
      })
      // A refusal counts only if it came from there.
      if (view.exitCode !== 0) await cluster.reader.get(context, '/version')
      const asThere = (text: string) => text.replaceAll(copy, path)
      return { ...view, stdout: asThere(view.stdout), stderr: asThere(view.stderr) }
    } finally {
      await rm(copy, { force: true })
    }
  }
}

function after(argv: readonly string[], option: string): string | undefined {
  const at = argv.indexOf(option)
  return at < 0 ? undefined : argv[at + 1]
}
