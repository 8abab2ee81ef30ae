import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { unreadableConfig } from './docker.ts'
import { exitMeaning } from './exits.ts'
import { dockerCalls, simpleCommands } from './line.ts'
import { failing, known, said, tellingLine, wantsItAway } from './look.ts'

export const programs = [
  'docker',
  'git',
  'node',
  'npm',
  'curl',
  'kubectl',
  'kind',
  'sed',
  'grep',
  'cat',
  'ls',
  'cd',
  'mkdir',
]

const toolMissing = cause<{ tool: string; near?: string }>({
  code: 'tool.missing',
  final: true,
  find(situation) {
    const { check } = situation
    if (check?.problem?.code === 'tool.missing')
      return tool(String(check.problem.evidence['tool'] ?? check.fields['name'] ?? ''))
    if (check?.kind === 'tool' && !wantsItAway(check) && check.seen === null)
      return tool(String(check.fields['name'] ?? ''))
    return tool(notFoundByShell(situation) ?? missingPlugin(situation))
  },
  message: {
    ko: ({ tool }) => `이 컴퓨터에서 ${code(tool, '이라/라')}는 명령을 찾지 못했어요.`,
    en: ({ tool }) => `There is no command \`${tool}\` on this machine.`,
  },
  advice: {
    ko: ({ tool, near }) =>
      tool === 'sudo'
        ? '이미 관리자(root)로 일하는 컴퓨터에는 sudo가 없는 경우가 많아요. `whoami`로 확인하고, sudo를 빼고 다시 해 보세요.'
        : tool === 'docker-compose'
          ? '지금의 Docker에서는 `docker compose`처럼 띄어 써요.'
          : near
            ? `혹시 ${code(near, '을/를')} 쓰려던 건가요?`
            : `${code(look(tool), '으로/로')} 설치되어 있는지 확인해 보세요. 설치했는데도 없다면 PATH에 들어 있는지, 실습용 컴퓨터의 터미널이 맞는지 보세요.`,
    en: ({ tool, near }) =>
      tool === 'sudo'
        ? 'Machines on which you are the administrator (root) already often have no sudo. See with `whoami`, and try it without sudo.'
        : tool === 'docker-compose'
          ? 'With the Docker of today it is `docker compose`, as two words.'
          : near
            ? `Did you mean \`${near}\`?`
            : `See with \`${look(tool)}\` whether it is installed. If it is, look at PATH, and whether this is the terminal of the right machine.`,
  },
})

/** How to see whether it is there; a plugin answers only through docker. */
const look = (tool: string) => (tool.includes(' ') ? `${tool} version` : `command -v ${tool}`)

function tool(name: string | undefined): { tool: string; near?: string } | null {
  if (!name) return null
  const near = programs.includes(name) ? undefined : nearest(name, programs)
  return known({ tool: name, near }) as { tool: string }
}

/** The learner's own shell did not find a command; what a shell inside a container says is another matter. */
function notFoundByShell(situation: Situation): string | undefined {
  const command = failing(situation)
  if (!command || copiedPrompt(command.line)) return undefined
  const text = said(situation)
  if (/^\s*sudo /.test(command.line) && /sudo: (?:command )?not found|command not found: sudo/.test(text)) return 'sudo'
  const name =
    /command not found: ([\w.+-]+)/.exec(text)?.[1] ??
    /(?:^|: )([\w.+-]+): command not found/m.exec(text)?.[1] ??
    /^\S*sh: (?:line )?\d+: ([\w.+-]+): not found/m.exec(text)?.[1]
  // Only what the line itself calls: Docker hands on the words of shells in containers.
  return name && simpleCommands(command.line).some(words => words[0] === name) ? name : undefined
}

function missingPlugin(situation: Situation): string | undefined {
  const command = failing(situation)
  const first = command && dockerCalls(command.line).at(-1)?.first
  if (unreadableConfig(situation)) return undefined
  if (!command || !first || !['compose', 'buildx'].includes(first)) {
    return /BuildKit is enabled but the buildx component is missing or broken/.test(said(situation))
      ? 'docker buildx'
      : undefined
  }
  const plugin = /is not a docker command|unknown command: docker |unknown shorthand flag/.test(said(situation))
  return plugin ? `docker ${first}` : undefined
}

const folderMissing = cause<{ folder: string; near?: string }>({
  code: 'shell.folder-missing',
  final: true,
  find(situation) {
    const text = said(situation)
    const match =
      /\bcd: (?:can't cd to )?(.+?): (?:No such file or directory|Not a directory)/.exec(text) ??
      /\bcd: (?:no such file or directory|not a directory): (.+)/.exec(text) ??
      /\bcd: can't cd to (.+)/.exec(text)
    const folder = match?.[1]
    if (!folder || placeholder(situation)) return null
    const names = (situation.facts.names ?? []).map(each => each.replace(/\/$/, ''))
    return known({ folder, near: nearest(folder.replace(/\/$/, ''), names) }) as { folder: string }
  },
  message: {
    ko: ({ folder }) => `${code(folder, '이라/라')}는 폴더가 없어서 옮겨 가지 못했어요.`,
    en: ({ folder }) => `There is no folder \`${folder}\` to change to.`,
  },
  advice: {
    ko: ({ near }) =>
      near
        ? `혹시 \`${near}\` 폴더인가요? \`ls\`로 이름을 확인해 보세요.`
        : '`pwd`로 지금 어디인지, `ls`로 여기에 무엇이 있는지 확인해 보세요. 이미 그 폴더 안에 있을 수도 있어요.',
    en: ({ near }) =>
      near
        ? `Did you mean the folder \`${near}\`? Look with \`ls\`.`
        : 'See with `pwd` where you are and with `ls` what is here. You may be in that folder already.',
  },
})

type Placeholder = { typed: string; kind: 'placeholder' | 'prompt' }

const placeholderTyped = cause<Placeholder>({
  code: 'shell.placeholder',
  final: true,
  find: placeholder,
  message: {
    ko: ({ typed, kind }) =>
      kind === 'prompt'
        ? '안내문에 있는 프롬프트 `$`까지 함께 붙여 넣어서 셸이 그것을 명령으로 읽었어요.'
        : `${code(typed, '은/는')} 실제 값으로 바꿔 써야 하는 자리인데 그대로 입력됐어요.`,
    en: ({ typed, kind }) =>
      kind === 'prompt'
        ? 'The prompt `$` was pasted along with the command, and the shell took it for a command.'
        : `\`${typed}\` stands for a value of your own, but was typed as it is.`,
  },
  advice: {
    ko: ({ kind }) =>
      kind === 'prompt'
        ? '`$` 뒤의 명령만 입력해 보세요.'
        : '꺾쇠(`<` `>`)까지 지우고 값을 넣으세요. 컨테이너의 이름과 ID는 `docker ps -a`에서 볼 수 있어요.',
    en: ({ kind }) =>
      kind === 'prompt'
        ? 'Enter only what comes after the `$`.'
        : 'Put the value in, without the angle brackets. Names and IDs of containers are shown by `docker ps -a`.',
  },
})

function placeholder(situation: Situation): Placeholder | null {
  const command = failing(situation)
  if (!command) return null
  if (copiedPrompt(command.line) && /command not found|not found/.test(said(situation)))
    return { typed: '$', kind: 'prompt' }
  const typed = /(?:^|\s)(<[^<>\n]+>)/.exec(command.line)?.[1]
  const confused =
    /syntax error near unexpected token|Syntax error|parse error near|No such file or directory|no such file/i
  return typed && confused.test(said(situation)) ? { typed, kind: 'placeholder' } : null
}

function copiedPrompt(line: string): boolean {
  return /^\s*[$#] \S/.test(line)
}

const diskFull = cause<{ line: string }>({
  code: 'disk.full',
  final: true,
  find(situation) {
    const line = isDiskFull(situation)
    return line ? { line } : null
  },
  message: {
    ko: () => '디스크에 남은 공간이 없어서 쓰지 못했어요.',
    en: () => 'The disk is full, so nothing more could be written.',
  },
  advice: {
    ko: () =>
      '`df -h`로 어디가 찼는지, `docker system df`로 Docker가 얼마나 쓰는지 보세요. 안 쓰는 이미지는 `docker image prune`, 빌드 캐시는 `docker builder prune`으로 비울 수 있어요.',
    en: () =>
      'See with `df -h` which disk it is and with `docker system df` what Docker uses. `docker image prune` removes unused images, `docker builder prune` the build cache.',
  },
})

/** The line that says so. */
export function isDiskFull(situation: Situation): string | undefined {
  return /^.*no space left on device.*$/im.exec(said(situation))?.[0].trim()
}

/** The sed of macOS (`bsd`) wants a word after `-i`, the one of Linux (`gnu`) does not. */
export function sedDialect(situation: Situation): 'gnu' | 'bsd' | undefined {
  const line = failing(situation)?.line ?? ''
  const text = said(situation)
  if (/\bsed\b.* -i *(''|"") /.test(line) && /sed: can't read s(\W).*\1.*: No such file/.test(text)) return 'gnu'
  const bsd = /sed: 1: ".*": (?:extra characters at the end of|invalid command code|command \w expects|undefined label)/
  return bsd.test(text) ? 'bsd' : undefined
}

const otherSed = cause<{ sed: 'gnu' | 'bsd' }>({
  code: 'shell.other-sed',
  final: true,
  find(situation) {
    const sed = sedDialect(situation)
    return sed ? { sed } : null
  },
  message: {
    ko: ({ sed }) =>
      sed === 'gnu'
        ? '`sed -i` 뒤의 빈 따옴표는 macOS에서만 쓰는 것이라서, 이 컴퓨터의 sed는 치환식을 파일 이름으로 읽었어요.'
        : '이 컴퓨터의 sed는 macOS의 것이라서 `-i`를 쓰는 방법이 Linux와 달라요.',
    en: ({ sed }) =>
      sed === 'gnu'
        ? 'The empty quotes after `sed -i` are for macOS; the sed of this machine took the expression for a file name.'
        : 'The sed of this machine is that of macOS, where `-i` is written differently from Linux.',
  },
  advice: {
    ko: ({ sed }) =>
      sed === 'gnu'
        ? '`-i` 뒤의 빈 따옴표를 지우고 다시 실행하세요.'
        : "`-i` 다음에 빈 따옴표를 한 칸 띄어 쓰세요: `sed -i '' …`",
    en: ({ sed }) =>
      sed === 'gnu'
        ? 'Take the empty quotes after `-i` away and run it again.'
        : "Write empty quotes after `-i`, with a blank before them: `sed -i '' …`.",
  },
})

const timedOut = cause<{ command: string; foreground?: number }>({
  code: 'command.timed-out',
  final: true,
  find({ command, check }) {
    if (check?.problem?.code === 'command.timed-out')
      return { command: String(check.problem.evidence['command'] ?? check.kind) }
    if (!command?.timedOut) return null
    const run = dockerCalls(command.line).findLast(call => call.verb === 'run')
    const foreground = run && !run.options.some(each => ['d', 'detach', 'rm'].includes(each.name))
    return known({ command: firstLine(command.line), foreground: foreground ? 1 : undefined }) as { command: string }
  },
  message: {
    ko: ({ command }) => `\`${command}\` 명령이 정해진 시간 안에 끝나지 않아서 멈췄어요.`,
    en: ({ command }) => `\`${command}\` did not end in time and was stopped.`,
  },
  advice: {
    ko: ({ foreground }) =>
      foreground
        ? '서버처럼 끝나지 않는 컨테이너를 앞에서 띄우면 명령도 끝나지 않아요. `docker run --help`에서 `--detach`를 찾아보세요.'
        : '네트워크가 느리거나, 명령이 입력을 기다리거나, 끝나지 않는 프로그램일 수 있어요. 터미널에서 직접 실행해서 어디서 멈추는지 보세요.',
    en: ({ foreground }) =>
      foreground
        ? 'A container that serves for ever, started in the foreground, never gives the prompt back. Look for `--detach` in `docker run --help`.'
        : 'The network may be slow, the command may wait for input, or the program never ends by itself. Run it in a terminal and see where it stops.',
  },
})

function firstLine(line: string): string {
  const first = line.trim().split('\n')[0]!
  return first.length > 60 ? `${first.slice(0, 57)}…` : first
}

const commandFailed = cause<{ command: string; exit: number; line?: string }>({
  code: 'command.failed',
  final: true,
  fallback: true,
  find(situation) {
    const { command } = situation
    if (!command || command.exit === 0) return null
    const line = tellingLine(said(situation).split('\n'))
    return known({ command: firstLine(command.line), exit: command.exit, line }) as { command: string; exit: number }
  },
  message: {
    ko: ({ command, exit }) => `\`${command}\` 명령이 종료 코드 ${exit}번으로 끝났어요.`,
    en: ({ command, exit }) => `\`${command}\` ended with exit code ${exit}.`,
  },
  advice: {
    ko: ({ exit, line }) =>
      `종료 코드 ${exit}번은 ${exitMeaning(exit).ko}.${line ? ` 출력에서 눈여겨볼 줄은 이것이에요: \`${line}\`` : ' 출력이 없었으니 명령을 다시 한번 읽어 보세요.'}`,
    en: ({ exit, line }) =>
      `Exit code ${exit} means: ${exitMeaning(exit).en}.${line ? ` The line to look at: \`${line}\`` : ' It printed nothing: read the command once more.'}`,
  },
})

export const shell = [toolMissing, folderMissing, placeholderTyped, diskFull, otherSed, timedOut, commandFailed]
