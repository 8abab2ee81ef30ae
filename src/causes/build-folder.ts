import { basename, dirname, join, relative, resolve } from 'node:path'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { values } from './line.ts'
import { dockerCall, failing, known, said } from './look.ts'

/** Where `docker build` looked for its Dockerfile and did not find one. */
interface NoDockerfile {
  /** The folder itself is not there. */
  readonly noFolder: boolean
  /** As it was typed. */
  readonly folder: string
  readonly file: string
  /** A name in the same folder that is nearly right. */
  readonly near?: string
  /** A folder nearby that has a Dockerfile, from where the command ran. */
  readonly elsewhere?: string
}

function noDockerfile(situation: Situation): NoDockerfile | null {
  const command = failing(situation)
  const call = dockerCall(situation, 'build')
  if (!command || !call) return null
  const text = said(situation)
  const absent =
    /failed to read dockerfile: open \S+: no such file|unable to evaluate symlinks in Dockerfile path: lstat|(?:^|\n)open \S*Dockerfile\S*: no such file/i.test(
      text,
    )
  const noFolder =
    !absent &&
    /unable to prepare context: path "?.+"? not found|unable to prepare context: .*stat .*no such file|resolve : lstat/.test(
      text,
    )
  if (!absent && !noFolder) return null
  const folder = call.args[0] ?? '.'
  const named = values(call, 'f', 'file')[0]
  const file = named ?? 'Dockerfile'
  const context = resolve(command.cwd, folder)
  const expected = named ? resolve(command.cwd, named) : join(context, 'Dockerfile')
  const { files = {}, names = [] } = situation.facts
  const beside = [
    ...(dirname(expected) === command.cwd ? names : []),
    ...Object.keys(files)
      .filter(path => files[path] && dirname(path) === dirname(expected))
      .map(path => basename(path)),
  ]
  const near = noFolder ? undefined : nearDockerfile(basename(expected), beside)
  const places = Object.entries(files).filter(([path, view]) => view && basename(path) === 'Dockerfile')
  const other = places.map(([path]) => dirname(path)).find(path => path !== context)
  const elsewhere = other === undefined ? undefined : relative(command.cwd, other) || '.'
  return { noFolder, folder, file, ...known({ near, elsewhere }) }
}

function nearDockerfile(wanted: string, names: readonly string[]): string | undefined {
  const others = names.filter(name => name !== wanted && !name.endsWith('/'))
  const stem = (name: string) => name.toLowerCase().replace(/\.(txt|md|docker)$/, '')
  return others.find(name => stem(name) === stem(wanted)) ?? nearest(wanted, others)
}

const wrongFolder = cause<{ folder: string; elsewhere: string }>({
  code: 'build.wrong-folder',
  final: true,
  find(situation) {
    const found = noDockerfile(situation)
    return found?.elsewhere && !found.near && !found.noFolder
      ? { folder: found.folder, elsewhere: found.elsewhere }
      : null
  },
  message: {
    ko: ({ folder, elsewhere }) =>
      `빌드하려는 폴더 \`${folder}\`에는 Dockerfile이 없고, ${place(elsewhere).ko}에 하나 있어요.`,
    en: ({ folder, elsewhere }) =>
      `\`${folder}\`, the folder to build, has no Dockerfile in it; there is one in ${place(elsewhere).en}.`,
  },
  advice: {
    ko: () => '`pwd`와 `ls`로 지금 어디에 있는지 보세요. `docker build` 끝에 쓰는 `.`은 지금 있는 폴더를 뜻해요.',
    en: () =>
      'See where you are with `pwd` and `ls`. The `.` at the end of `docker build` means the folder you are in.',
  },
})

const none = cause<{ folder: string; file: string; near?: string }>({
  code: 'build.no-dockerfile',
  final: true,
  find(situation) {
    const found = noDockerfile(situation)
    if (!found || found.noFolder || (found.elsewhere && !found.near)) return null
    return known({ folder: found.folder, file: found.file, near: found.near }) as { folder: string; file: string }
  },
  message: {
    ko: ({ file, near }) =>
      near
        ? `${code(file, '이/가')} 있어야 하는데, 그 폴더에 있는 것은 ${code(near, '이에요/예요')}.`
        : `빌드할 폴더에 ${code(file, '이/가')} 없어요.`,
    en: ({ file, near }) =>
      near
        ? `The build needs \`${file}\`, but what is there is called \`${near}\`.`
        : `There is no \`${file}\` to build from.`,
  },
  advice: {
    ko: ({ file, near }) =>
      near && file !== 'Dockerfile'
        ? '`-f`에 쓴 이름과 `ls -a`의 결과를 견주어 보세요.'
        : near
          ? '`ls -a`로 이름을 확인하고 `mv`로 바꾸세요. 이름은 대문자 D로 시작하고 확장자가 없어요.'
          : '`pwd`와 `ls -a`로 여기가 맞는 폴더인지, 편집기에서 파일을 저장했는지 확인하세요.',
    en: ({ file, near }) =>
      near && file !== 'Dockerfile'
        ? 'Compare the name after `-f` with what `ls -a` shows.'
        : near
          ? 'Check the name with `ls -a` and change it with `mv`. It begins with a capital D and has no extension.'
          : 'See with `pwd` and `ls -a` whether this is the right folder, and whether the editor has saved the file.',
  },
})

const folderMissing = cause<{ folder: string; elsewhere?: string; near?: string }>({
  code: 'build.folder-missing',
  final: true,
  find(situation) {
    const found = noDockerfile(situation)
    if (!found?.noFolder) return null
    const folders = (situation.facts.names ?? []).filter(each => each.endsWith('/')).map(each => each.slice(0, -1))
    const near = nearest(found.folder.replace(/\/$/, ''), folders)
    return known({ folder: found.folder, near, elsewhere: near ? undefined : found.elsewhere }) as { folder: string }
  },
  message: {
    ko: ({ folder }) => `빌드하려는 폴더 ${code(folder, '이/가')} 없어요.`,
    en: ({ folder }) => `There is no folder \`${folder}\` to build.`,
  },
  advice: {
    ko: ({ near, elsewhere }) =>
      `${near ? `혹시 \`${near}\` 폴더인가요? ` : elsewhere ? `Dockerfile은 ${place(elsewhere).ko}에 하나 있어요. ` : ''}\`pwd\`와 \`ls\`로 지금 어디에 있고 무엇이 있는지 보세요. \`docker build\`의 마지막 단어는 폴더이고, 점(\`.\`)은 지금 있는 폴더예요.`,
    en: ({ near, elsewhere }) =>
      `${near ? `Did you mean the folder \`${near}\`? ` : elsewhere ? `There is a Dockerfile in ${place(elsewhere).en}. ` : ''}See with \`pwd\` and \`ls\` where you are and what is there. The last word of \`docker build\` is a folder; a dot (\`.\`) means the one you are in.`,
  },
})

function place(folder: string): { ko: string; en: string } {
  return folder === '.'
    ? { ko: '지금 있는 폴더', en: 'the folder you are in' }
    : { ko: `\`${folder}\``, en: `\`${folder}\`` }
}

export const buildFolder = [wrongFolder, none, folderMissing]
