import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ShellOptions, ShellState } from '../../src/run/world.ts'
import { createShell } from '../../src/world/shell.ts'
import { until } from '../helpers/until.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-test-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { ...process.env, HOME: folder, GREETING: 'hello', LESS: '-X', PAGER: 'less' }
const shell = createShell(env)
const fresh: ShellState = { cwd: folder, env: {} }

function run(line: string, options: Partial<ShellOptions> = {}, state = fresh) {
  const signal = new AbortController().signal
  return shell.run(line, { state, timeoutMs: 15_000, signal, onOutput: () => {}, ...options })
}

/** A process id that a line has written into a file. */
async function pidIn(name: string): Promise<number> {
  return until(() => {
    try {
      return Number(readFileSync(join(folder, name), 'utf8'))
    } catch {
      return 0
    }
  })
}

const gone = (pid: number) => until(async () => (await shell.processStart(pid)) === null)

describe('state carries over', () => {
  mkdirSync(join(folder, 'app', '안 녕'), { recursive: true })
  symlinkSync(join(folder, 'app'), join(folder, 'link'))

  test.each<[string, string[], string]>([
    ['folder', ['cd app', 'pwd'], `${folder}/app\n`],
    ['folder with a space and Korean', ['cd "app/안 녕"', 'pwd'], `${folder}/app/안 녕\n`],
    ['folder by the name the learner used', ['cd link', 'pwd'], `${folder}/link\n`],
    ['variable', ['export X=1', 'echo $X'], '1\n'],
    ['folder and variable of one line', ['cd app && export X=2', 'echo $X; pwd'], `2\n${folder}/app\n`],
    ['not what was not exported', ['Y=1', 'echo "[$Y]"'], '[]\n'],
    ['unset', ['unset HOME', 'echo "[${HOME-none}]"'], '[none]\n'],
    ['unset, then set again', ['unset GREETING', 'export GREETING=new', 'echo $GREETING'], 'new\n'],
    ['changed', ['export GREETING=bye', 'echo $GREETING'], 'bye\n'],
    ['newlines, quotes, Korean', [`export X=$'한\\n글 "\\'$HOME\\\\'`, 'printf "%s" "$X"'], `한\n글 "'$HOME\\`],
    ['empty value', ['export X=', 'echo "[${X-none}]"'], '[]\n'],
    ['PATH', ['export PATH="/nowhere:$PATH"', 'echo "${PATH%%:*}"'], '/nowhere\n'],
    ['several lines', ['cd app\nexport X=3\n', 'echo $X; pwd'], `3\n${folder}/app\n`],
    ['a comment at the end', ['export X=4 # four', 'echo $X'], '4\n'],
    ['exit', ['cd app; export X=5; exit 0', 'echo $X; pwd'], `5\n${folder}/app\n`],
    ['a trap of its own', ['trap "true" EXIT; export X=6', 'echo $X'], '6\n'],
    ['set -euCx', ['set -euCx; export X=7', 'echo $X'], '7\n'],
    ['not a subshell', ['(cd app; export X=8)', 'echo "[$X]"; pwd'], `[]\n${folder}\n`],
    ['without PATH', ['unset PATH; export X=9', 'echo $X'], '9\n'],
  ])('%s', async (_, lines, output) => {
    let state = fresh
    for (const line of lines.slice(0, -1)) state = (await run(line, {}, state)).state
    const last = await run(lines.at(-1)!, {}, state)
    expect(last).toMatchObject({ exit: 0, stdout: output, stderr: '' })
  })

  test.each<[string, Partial<ShellState>]>([
    ['true', {}],
    ['cd app; exit 3', { cwd: join(folder, 'app') }],
    ['unset HOME; export N="a=b"', { env: { HOME: null, N: 'a=b' } }],
    ['f() { :; }; export -f f; export _=1 SHLVL=9 OLDPWD=/', {}],
    ['export GREETING=other GREETING=hello', {}],
    ['set -e; cd app; false; cd /', { cwd: join(folder, 'app') }],
    ['if', {}],
    ['cd app; kill -KILL $$', {}],
    ['cd app; exec true', {}],
  ])('what %j leaves', async (line, state) => {
    expect((await run(line)).state).toEqual({ ...fresh, ...state })
  })

  test('a folder that has vanished: the nearest one above', async () => {
    const { state } = await run('mkdir -p deep/er; cd deep/er; rm -r ../../deep')
    expect(state.cwd).toBe(join(folder, 'deep', 'er'))
    expect(await run('pwd', {}, state)).toMatchObject({ stdout: `${folder}\n`, state: fresh })
  })
})

describe('a line', () => {
  test.each<[string, number]>([
    ['true', 0],
    ['exit 3', 3],
    ['false', 1],
    ['set -e; (exit 4); echo no', 4],
    ['trap "echo bye" EXIT; exit 5', 5],
    ['no-such-program', 127],
    ['if', 2],
    ['kill -TERM $$; sleep 30', 143],
    ['kill -KILL $$', 137],
    ['exec sh -c "exit 6"', 6],
  ])('%j ends with %i', async (line, exit) => {
    expect(await run(line)).toMatchObject({ exit, timedOut: false, interrupted: false })
  })

  test('messages count its own lines and name no wrapper', async () => {
    const { stderr } = await run('true\nno-such-program')
    expect(stderr).toBe('bash: line 2: no-such-program: command not found\n')
    expect((await run('set -x; true')).stderr).toBe('++ true\n')
  })

  test('sees no terminal, no input, no pager, nothing of the wrapper', async () => {
    const { stdout } = await run(
      'read x || echo none; echo "$PAGER ${LESS-none} $# $0"; env | grep -c ^handrail_; { true <&3; } 2>/dev/null || echo closed',
    )
    expect(stdout).toBe('none\ncat none 0 bash\n0\nclosed\n')
  })

  test('cannot be found by its own text', async () => {
    expect(await run('pkill -KILL -f "unlikely-text-7341"; echo $?')).toMatchObject({ exit: 0, stdout: '1\n' })
  })

  test('stdout and stderr are two', async () => {
    expect(await run('echo out; echo err >&2')).toMatchObject({ stdout: 'out\n', stderr: 'err\n' })
  })

  test('output comes live, Korean characters whole', async () => {
    const pieces: string[] = []
    const onOutput = (_: string, text: string) => void pieces.push(text)
    // The second half of the character is written once the first has been read.
    const running = run(
      `printf 'a\\355\\225'; while [ ! -e go ]; do sleep 0.01; done; printf '\\234b\\033[31mc\\033[0m'`,
      {
        onOutput,
      },
    )
    await until(() => pieces.length > 0)
    expect(pieces).toEqual(['a'])
    await shell.run('touch go', {
      state: fresh,
      timeoutMs: 5000,
      signal: AbortSignal.timeout(5000),
      onOutput: () => {},
    })
    expect((await running).stdout).toBe('a한bc')
    expect(pieces.join('')).toBe('a한b\x1b[31mc\x1b[0m')
  })

  test('keeps the end of much output', async () => {
    let total = 0
    const onOutput = (_: string, text: string) => void (total += text.length)
    const { stdout } = await run('yes 0123456789 | head -c 5242880; echo; echo end', { onOutput })
    expect(total).toBe(5 * 1024 * 1024 + 5)
    expect(stdout.length).toBeGreaterThan(1024 * 1024 - 20)
    expect(stdout.length).toBeLessThanOrEqual(1024 * 1024)
    expect(stdout).toMatch(/^0123456789\n[\d\n]*\nend\n$/)
  })

  test('begins only when onStart is through', async () => {
    let told = 0
    const onStart = async (group: number) => {
      told = group
      expect(await shell.members(group)).toHaveLength(1)
      expect((await run('ls started 2>&1')).exit).not.toBe(0)
    }
    const result = await run('touch started; echo $$', { onStart })
    expect(result).toMatchObject({ exit: 0, stdout: `${told}\n` })
  })

  test('does not begin when onStart fails', async () => {
    let told = 0
    const onStart = (group: number) => {
      told = group
      throw new Error('disk full')
    }
    await expect(run('touch never', { onStart })).rejects.toThrow('disk full')
    expect(await shell.members(told)).toEqual([])
    expect((await run('ls never')).exit).not.toBe(0)
  })

  test('without bash in sh', async () => {
    const poor = createShell({ PATH: '/nowhere' })
    const options = { state: fresh, timeoutMs: 5000, signal: AbortSignal.timeout(5000), onOutput: () => {} }
    const { stdout, state } = await poor.run('cd app; export X="a b"; unset PATH; echo "$0"; exit 3', options)
    expect(stdout).toBe('sh\n')
    expect(state).toEqual({ cwd: join(folder, 'app'), env: { X: 'a b', PATH: null } })
  })
})

describe('nothing is left', () => {
  const stubborn = 'trap "" TERM; echo $$ > NAME.pid; sleep 60 & wait; wait; sleep 60'

  test.each([
    ['a grandchild that ignores TERM and holds the pipe', `bash -c '${stubborn.replace('NAME', 'a')}' | cat`, 'a.pid'],
    ['a shell that ignores TERM', stubborn.replace('NAME', 'b'), 'b.pid'],
    ['a background child', 'sleep 60 & echo $! > c.pid; sleep 60', 'c.pid'],
    ['a stopped child', 'sleep 60 & echo $! > d.pid; kill -STOP $!; wait', 'd.pid'],
  ])('after a timeout: %s', async (_, line, file) => {
    let group = 0
    const from = performance.now()
    const result = await run(line, { timeoutMs: 300, onStart: id => void (group = id) })
    expect(performance.now() - from).toBeLessThan(2500)
    expect(result).toMatchObject({ timedOut: true, interrupted: false, state: fresh })
    expect(result.exit).toBeGreaterThan(128)
    expect(await shell.members(group)).toEqual([])
    await gone(await pidIn(file))
  })

  test('after an abort', async () => {
    const abort = new AbortController()
    let group = 0
    const running = run('cd app; echo $$ > e.pid; echo begun; sleep 60', {
      signal: abort.signal,
      onStart: id => void (group = id),
      onOutput: () => abort.abort(),
    })
    expect(await running).toMatchObject({ interrupted: true, timedOut: false, stdout: 'begun\n', state: fresh })
    expect(await shell.members(group)).toEqual([])
  })

  test('aborted before it began: does nothing', async () => {
    const signal = AbortSignal.abort()
    expect(await run('touch never', { signal })).toMatchObject({ interrupted: true, exit: 130, state: fresh })
    const abort = new AbortController()
    const late = await run('touch never', { signal: abort.signal, onStart: () => abort.abort() })
    expect(late).toMatchObject({ interrupted: true, stdout: '' })
    expect((await run('ls never')).exit).not.toBe(0)
  })

  test('after a normal end', async () => {
    const from = performance.now()
    const result = await run('sleep 60 & echo $! > f.pid')
    expect(performance.now() - from).toBeLessThan(2000)
    expect(result).toMatchObject({ exit: 0, timedOut: false })
    expect(result.group).toBeUndefined()
    await gone(await pidIn('f.pid'))
  })

  test('what has left the group does not keep us, though it holds the pipe', async () => {
    const from = performance.now()
    expect(
      await run('setsid sh -c "echo \\$\\$ > g.pid; exec sleep 60" & until [ -s g.pid ]; do :; done'),
    ).toMatchObject({ exit: 0 })
    expect(performance.now() - from).toBeLessThan(2000)
    const pid = await pidIn('g.pid')
    onTestFinished(() => void process.kill(pid, 'SIGKILL'))
    expect(await shell.processStart(pid)).not.toBeNull()
  })

  test('what still writes for a moment is waited for', async () => {
    expect((await run('(sleep 0.05; echo late) &')).stdout).toBe('late\n')
  })
})

describe('in the background', () => {
  const background = { log: join(folder, 'logs', 'bg.log') }
  const log = () => readFileSync(background.log, 'utf8')

  test('is left running and ended by its group', async () => {
    const line = 'cd app; (echo begun; trap "" TERM; while :; do sleep 1; done) & echo $! > ../h.pid'
    const { group, ...result } = await run(line, { background })
    expect(result).toMatchObject({ exit: 0, state: { cwd: join(folder, 'app') } })
    await until(() => log().includes('begun'))
    const pid = await pidIn('h.pid')
    const [first] = await shell.members(group!)
    expect(first!.start).toBe(await shell.processStart(first!.pid))
    expect(await shell.endGroup(group!)).toBe(true)
    expect(await shell.members(group!)).toEqual([])
    expect(await shell.processStart(pid)).toBeNull()
    expect(await shell.endGroup(group!)).toBe(false)
  })

  test('a line that stays is not waited for', async () => {
    let started: string | null = null
    const result = await run('cd app; exec sleep 60', {
      background,
      onStart: async group => void (started = await shell.processStart(group)),
    })
    expect(result).toMatchObject({ exit: 0, state: fresh })
    expect(result.tookMs).toBeLessThan(2000)
    expect(await shell.endGroup(result.group!, 'another start')).toBe(false)
    expect(await shell.members(result.group!)).toHaveLength(1)
    expect(await shell.endGroup(result.group!, started!)).toBe(true)
  })

  test('one that fails at once says so', async () => {
    await run('echo before', { background })
    const seen: string[] = []
    const onOutput = (_: string, text: string) => void seen.push(text)
    const result = await run('no-such-program', { background, onOutput })
    const message = 'bash: line 1: no-such-program: command not found\n'
    expect(result).toMatchObject({ exit: 127, stdout: message })
    expect(result.group).toBeUndefined()
    expect(seen.join('')).toBe(message)
    expect(log()).toMatch(new RegExp(`before\n${message}$`))
  })

  test('an abort ends it', async () => {
    const abort = new AbortController()
    const result = await run('sleep 60', {
      background,
      signal: abort.signal,
      onStart: () => setImmediate(() => abort.abort()) as never,
    })
    expect(result).toMatchObject({ interrupted: true })
    expect(result.group).toBeUndefined()
  })
})
