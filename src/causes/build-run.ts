import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { known, said } from './look.ts'
import { isDiskFull } from './shell.ts'

/** A RUN that failed, told apart once, so that the causes exclude each other. */
export type FailedRun = { readonly command: string; readonly exit: number } & (
  | { readonly why: 'disk' | 'offline' }
  | { readonly why: 'format'; readonly file: string; readonly error: string }
  | { readonly why: 'npm-file' | 'package'; readonly name: string }
  | { readonly why: 'other'; readonly tool?: string }
)

const offline =
  /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNRESET|Temporary failure (?:in name resolution|resolving)|Could not resolve host/
const noNpmFile =
  /npm (?:error|ERR!)[^\n]*ENOENT[^\n]*open '[^']*?\b(package\.json)'|can only install with an existing (package-lock\.json)/
const noPackage =
  /npm (?:error|ERR!)[^\n]*'(@?[^'@\s]+)(?:@[^']*)?' (?:could not be found|is not in (?:this|the npm) registry)|npm (?:error|ERR!)[^\n]*No matching version found for (\S+?)\.?\s|E: Unable to locate package (\S+)|\s(\S+) \(no such package\)|No matching distribution found for (\S+)/
/** The kernel could not start a file: the wrong CPU, no `#!`, or Windows line ends after it. */
export const badFormat = /^(?:.*\s)?exec ([^\s:]+): (exec format error|no such file or directory)\s*$/m

export function failedRun(situation: Situation): FailedRun | null {
  const text = said(situation)
  const match =
    /process "(?:\/bin\/(?:ba)?sh -c )?(.+?)" did not complete successfully: exit code: (\d+)/.exec(text) ??
    /executor failed running \[(?:\/bin\/(?:ba)?sh -c )?(.+?)\]: exit code: (\d+)/.exec(text) ??
    /The command '(?:\/bin\/(?:ba)?sh -c )?(.+?)' returned a non-zero code: (\d+)/.exec(text)
  if (!match) return null
  const [command, exit] = [match[1]!, Number(match[2])]
  if (isDiskFull(situation)) return { command, exit, why: 'disk' }
  const format = badFormat.exec(text)
  if (format) return { command, exit, why: 'format', file: format[1]!, error: format[2]! }
  if (offline.test(text)) return { command, exit, why: 'offline' }
  const file = first(noNpmFile, text)
  if (file) return { command, exit, why: 'npm-file', name: file }
  const name = first(noPackage, text)
  if (name) return { command, exit, why: 'package', name }
  const tool = /(?:^|[\s:])([\w.+-]+): (?:command )?not found/m.exec(text)?.[1]
  return { command, exit, why: 'other', ...known({ tool: exit === 127 ? tool : undefined }) }
}

/** The first group that matched. */
function first(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.slice(1).find(Boolean)
}

const runFailed = cause<{ command: string; exit: number; tool?: string }>({
  code: 'build.run-failed',
  final: true,
  find(situation) {
    const run = failedRun(situation)
    if (run?.why !== 'other') return null
    const { command, exit, tool } = run
    return known({ command, exit, tool }) as { command: string; exit: number }
  },
  message: {
    ko: ({ command, exit, tool }) =>
      tool
        ? `RUN의 \`${command}\`에서 ${code(tool, '이라/라')}는 명령이 베이스 이미지에 없어 빌드가 멈췄어요.`
        : `RUN의 ${code(command, '이/가')} 종료 코드 ${exit}번으로 실패해서 빌드가 멈췄어요.`,
    en: ({ command, exit, tool }) =>
      tool
        ? `The build stopped at \`RUN ${command}\`: the base image has no command \`${tool}\`.`
        : `The build stopped at \`RUN ${command}\`, which failed with exit code ${exit}.`,
  },
  advice: {
    ko: ({ tool }) =>
      tool === 'yarn'
        ? '새 Node.js 이미지에는 yarn이 들어 있지 않아요. npm으로 같은 일을 할 수 있는지, FROM의 이미지와 태그가 맞는지 보세요.'
        : tool === 'npm' || tool === 'node'
          ? 'FROM의 이미지가 Node.js 이미지가 맞는지 보세요.'
          : tool
            ? '철자가 맞는지, FROM의 이미지에 그 명령이 들어 있는지 `docker run --rm 베이스이미지 which 명령`으로 확인하세요.'
            : '이유는 그 바로 위에 나온 줄들에 있어요. `docker build --progress=plain`으로 전체 출력을 볼 수 있어요.',
    en: ({ tool }) =>
      tool === 'yarn'
        ? 'Newer Node.js images come without yarn. See whether npm can do the same, and whether FROM names the image and tag you want.'
        : tool === 'npm' || tool === 'node'
          ? 'See whether FROM names an image with Node.js in it.'
          : tool
            ? 'Look for a slip in its name; `docker run --rm BASEIMAGE which COMMAND` shows whether the image of FROM has it.'
            : 'The reason is in the lines right above. `docker build --progress=plain` shows the whole output.',
  },
})

const noNetwork = cause<{ command: string }>({
  code: 'build.offline',
  final: true,
  find(situation) {
    const run = failedRun(situation)
    return run?.why === 'offline' ? { command: run.command } : null
  },
  message: {
    ko: ({ command }) => `RUN의 ${code(command, '이/가')} 빌드하는 동안 인터넷에 닿지 못해 빌드가 멈췄어요.`,
    en: ({ command }) =>
      `The build stopped at \`RUN ${command}\`: it could not reach the internet from inside the build.`,
  },
  advice: {
    ko: () =>
      '빌드 컨테이너는 엔진의 DNS와 프록시 설정을 써요. `docker info`의 Proxy 항목과 인터넷 연결을 보고 다시 빌드하세요.',
    en: () =>
      'A build uses the DNS and proxy of the engine: see Proxy in `docker info` and whether this machine is online, then build again.',
  },
})

const npmFileMissing = cause<{ command: string; file: string }>({
  code: 'build.npm-file-missing',
  final: true,
  find(situation) {
    const run = failedRun(situation)
    return run?.why === 'npm-file' ? { command: run.command, file: run.name } : null
  },
  message: {
    ko: ({ command, file }) =>
      `RUN의 \`${command}\`에 필요한 ${code(file, '이/가')} 이미지 안의 그 폴더에 없어서 빌드가 멈췄어요.`,
    en: ({ command, file }) =>
      `The build stopped at \`RUN ${command}\`: \`${file}\` is not in that folder of the image.`,
  },
  advice: {
    ko: ({ file }) =>
      `RUN은 WORKDIR에서 실행되고, 그때까지 COPY한 파일만 볼 수 있어요. ${code(file, '이/가')} 빌드하는 폴더에 있는지 \`ls -a\`로 보고, COPY가 이 RUN보다 먼저인지, WORKDIR와 같은 곳으로 복사하는지 확인하세요.`,
    en: ({ file }) =>
      `RUN works in WORKDIR and sees only what was copied before it. See with \`ls -a\` whether \`${file}\` is in the folder that is built, whether COPY comes before this RUN, and whether it copies to where WORKDIR is.`,
  },
})

const packageNotFound = cause<{ command: string; name: string }>({
  code: 'build.package-not-found',
  final: true,
  find(situation) {
    const run = failedRun(situation)
    return run?.why === 'package' ? { command: run.command, name: run.name } : null
  },
  message: {
    ko: ({ command, name }) =>
      `RUN의 \`${command}\`에서 ${code(name, '이라/라')}는 패키지를 찾지 못해 빌드가 멈췄어요.`,
    en: ({ command, name }) => `The build stopped at \`RUN ${command}\`: there is no package \`${name}\`.`,
  },
  advice: {
    ko: ({ command }) =>
      /\bapt(-get)?\b/.test(command)
        ? '패키지 이름을 한 글자씩 보세요. apt는 같은 RUN에서 먼저 `apt-get update`를 해야 목록을 알아요.'
        : '패키지 이름과 버전을 한 글자씩 보세요. npm 패키지라면 package.json의 dependencies와 `npm view 이름 version`에서 확인할 수 있어요.',
    en: ({ command }) =>
      /\bapt(-get)?\b/.test(command)
        ? 'Read the name of the package letter by letter. apt knows its list only after `apt-get update` in the same RUN.'
        : 'Read the name and version of the package letter by letter. For npm look at dependencies in package.json, and try `npm view NAME version`.',
  },
})

export const buildRun = [runFailed, noNetwork, npmFileMissing, packageNotFound]
