import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { FileView } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { simpleCommands } from './line.ts'
import { failing, field, known, looked, said, seenAs } from './look.ts'
import { sedDialect } from './shell.ts'

type Absent = { path: string; near?: string; elsewhere?: string; move?: string }

/** A file that a check or a command wanted and that is not there. */
function absent(situation: Situation): Absent | null {
  const { facts } = situation
  const check = looked(situation, 'file', 'dockerfile', 'manifest')
  if (check) {
    const seen = seenAs<{ file: FileView | null; names?: readonly string[] }>(check)
    if (seen.file) return null
    const path = field(check, 'path')
    return describe(
      path,
      isAbsolute(path) ? path : join(facts.workspace, path),
      seen.names ?? [],
      facts.workspace,
      situation,
    )
  }
  const command = failing(situation)
  const path = command && unreadable(situation)
  if (!command || !path) return null
  const at = isAbsolute(path) ? path : join(command.cwd, path)
  const names = dirname(at) === command.cwd ? (facts.names ?? []) : []
  return describe(isAbsolute(path) ? fromHere(command.cwd, path) : path, at, names, command.cwd, situation)
}

/** Relative where that says more: a path that leaves the folder and its parent stays as it is. */
function fromHere(cwd: string, path: string): string {
  const short = relative(cwd, path)
  return short.startsWith('../..') ? path : short
}

function describe(path: string, at: string, names: readonly string[], from: string, { facts }: Situation): Absent {
  const plain = names.map(each => each.replace(/\/$/, ''))
  const wanted = basename(at)
  const near = plain.find(each => each !== wanted && sameStem(each, wanted)) ?? nearest(wanted, plain)
  const found = Object.entries(facts.files ?? {}).find(
    ([each, view]) => view && each !== at && basename(each) === wanted,
  )
  const elsewhere = near || !found ? undefined : relative(from, found[0])
  // With its folder, where that has gone astray as a whole.
  const move = elsewhere?.endsWith(`/${path}`) && path.includes('/') ? dirname(elsewhere) : elsewhere
  return known({ path, near, elsewhere, move }) as Absent
}

/** `Dockerfile.txt` for `Dockerfile`: editors like to add an extension. */
function sameStem(a: string, b: string): boolean {
  const stem = (name: string) => name.toLowerCase().replace(/\.(txt|md)$/, '')
  return stem(a) === stem(b)
}

/** The file that a command of the learner's own could not read. */
function unreadable(situation: Situation): string | undefined {
  const command = failing(situation)
  const words = command && simpleCommands(command.line).at(-1)
  const manifest = /^error: the path "([^"]+)" does not exist|error reading file: open ([^\n:]+): no such file/m.exec(
    said(situation),
  )
  if (manifest) return manifest[1] ?? manifest[2]
  if (!command || !words || ['docker', 'git', 'cd', 'kubectl', 'kind'].includes(words[0]!)) return undefined
  if (/(?:^|\s)<[^<>\n]+>/.test(command.line) || /\bcd: /.test(said(situation))) return undefined
  if (sedDialect(situation)) return undefined
  const text = said(situation)
  return (
    /Cannot find module '([./][^']*)'/.exec(text)?.[1] ??
    /can't read (.+?): No such file/.exec(text)?.[1] ??
    /(?:cannot (?:access|stat|open) )['‘]?([^'’\n]+?)['’]?(?: for reading)?: No such file/.exec(text)?.[1] ??
    /^(?:\w[\w.+-]*|\S*sh: (?:line )?\d+): ([^:\n]+): No such file or directory/m.exec(text)?.[1]
  )
}

/** Typed: whoever names a file wrongly in a command has the right one already. */
type Missing = { path: string; near?: string; typed?: number }

const missing = cause<Missing>({
  code: 'file.missing',
  final: false,
  find(situation) {
    const found = absent(situation)
    if (!found || found.elsewhere) return null
    const { path, near } = found
    return known({ path, near, typed: near && situation.command ? 1 : undefined }) as Missing
  },
  message: {
    ko: ({ path, near }) =>
      near ? `\`${path}\` 파일이 없고, 이름이 비슷한 \`${near}\`만 있어요.` : `\`${path}\` 파일이나 폴더가 없어요.`,
    en: ({ path, near }) =>
      near ? `\`${path}\` is not there, only \`${near}\`, whose name is nearly the same.` : `\`${path}\` is not there.`,
  },
  advice: {
    ko: ({ near = '', typed }) =>
      typed
        ? `${code(near, '을/를')} 쓰려던 것이라면 명령에 쓴 이름을 고쳐서 다시 실행하세요. 대문자와 소문자, 확장자까지 같아야 해요.`
        : near
          ? '대문자와 소문자, 확장자까지 같아야 해요. `ls -a`로 이름을 보고 `mv`로 바꾸세요.'
          : '`pwd`로 지금 있는 폴더를, `ls -a`로 그 안을 보세요. 편집기에서 저장했는지도 확인하세요.',
    en: ({ near, typed }) =>
      typed
        ? `If you meant \`${near}\`, correct the name in the command and run it again. Capital letters and the extension count.`
        : near
          ? 'Capital letters and the extension count. See the name with `ls -a` and change it with `mv`.'
          : 'See with `pwd` where you are and with `ls -a` what is there. Has the editor saved the file?',
  },
})

const badYaml = cause<{ path: string; tab?: number }>({
  code: 'file.bad-yaml',
  final: true,
  find(situation) {
    const check = looked(situation, 'file')
    const seen = check && seenAs<{ file: FileView | null; yaml?: unknown }>(check)
    const asked = check?.differences.some(({ path }) => path === 'yaml')
    if (!asked || seen?.file?.text === undefined || seen.yaml !== undefined) return null
    const lines = seen.file.text.split('\n')
    const tab = lines.findIndex(line => /^ *\t/.test(line)) + 1
    return known({ path: field(check!, 'path'), tab: tab || undefined }) as { path: string }
  },
  message: {
    ko: ({ path, tab }) =>
      tab ? `\`${path}\`의 ${tab}번째 줄이 탭으로 들여쓰여 있어요.` : `${code(path, '을/를')} YAML로 읽을 수 없어요.`,
    en: ({ path, tab }) => (tab ? `Line ${tab} of \`${path}\` is indented with a tab.` : `\`${path}\` is no YAML.`),
  },
  advice: {
    ko: ({ path, tab }) =>
      tab
        ? `YAML은 빈칸으로만 들여써요. \`cat -A ${path}\`에서 \`^I\`로 보이는 탭을 빈칸으로 바꾸세요.`
        : '들여쓰기부터 보세요. 나란한 키는 같은 열에서 시작하고, 콜론 뒤에는 빈칸이 하나 있어야 해요. 따옴표와 괄호도 짝이 맞아야 해요.',
    en: ({ path, tab }) =>
      tab
        ? `YAML is indented with blanks only. In \`cat -A ${path}\` a tab shows as \`^I\`; put blanks in its place.`
        : 'Look at the indentation first: keys beside each other begin in the same column, and a blank follows a colon. Quotes and brackets come in pairs.',
  },
})

const inWrongFolder = cause<{ path: string; elsewhere: string; move: string; run?: number }>({
  code: 'file.in-wrong-folder',
  final: false,
  find(situation) {
    const found = absent(situation)
    if (!found?.elsewhere) return null
    return known({ ...found, run: situation.check ? undefined : 1 }) as {
      path: string
      elsewhere: string
      move: string
    }
  },
  message: {
    ko: ({ path, elsewhere }) => `${code(path, '은/는')} 없고, 같은 이름의 파일이 \`${elsewhere}\`에 있어요.`,
    en: ({ path, elsewhere }) => `\`${path}\` is not there; a file of that name is at \`${elsewhere}\`.`,
  },
  advice: {
    ko: ({ move, run }) =>
      run
        ? '`pwd`로 지금 어느 폴더에 있는지 보고, `cd`로 그 파일이 있는 폴더에 가서 다시 실행하세요.'
        : `\`pwd\`와 \`ls\`로 어디에서 작업했는지 보세요. 자리가 틀렸다면 \`mv\`로 ${code(move, '을/를')} 제자리에 옮기면 돼요.`,
    en: ({ move, run }) =>
      run
        ? 'See with `pwd` which folder you are in, and change with `cd` to the one that has the file.'
        : `See with \`pwd\` and \`ls\` where you have worked. If it is the wrong place, move \`${move}\` to the right one with \`mv\`.`,
  },
})

export const file = [missing, inWrongFolder, badYaml]
