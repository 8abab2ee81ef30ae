import type { FileView } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { blankInTag, forgotContext } from './docker.ts'
import { flaw, flaws, pullTrouble } from './image.ts'
import { values } from './line.ts'
import { dockerCall, failing, known, looked, said, seenAs } from './look.ts'
import { isDiskFull } from './shell.ts'

const contextMissing = cause<{ command: string }>({
  code: 'build.context-missing',
  final: true,
  find: situation => (forgotContext(situation) ? { command: failing(situation)!.line.trim() } : null),
  message: {
    ko: () => '`docker build` 끝에 어느 폴더를 빌드할지 쓰지 않았어요.',
    en: () => '`docker build` was not told which folder to build.',
  },
  advice: {
    ko: () =>
      '마지막에 폴더를 하나 써야 해요. 지금 있는 폴더는 점 하나로 나타내요. `docker build --help`의 Usage 줄을 보세요.',
    en: () =>
      'A folder has to stand at the end; a single dot means the one you are in. See the line Usage of `docker build --help`.',
  },
})

const badTag = cause<{ tag: string; why: keyof typeof flaws }>({
  code: 'build.bad-tag',
  final: true,
  find(situation) {
    const call = dockerCall(situation, 'build')
    if (call && blankInTag(situation))
      return { tag: [values(call, 't', 'tag')[0], ...call.args.slice(0, -1)].join(' '), why: 'blank' }
    const tag = /invalid tag "([^"]*)"|invalid argument "([^"]*)" for "-t, --tag" flag/.exec(said(situation))
    const name = tag?.[1] ?? tag?.[2]
    if (name === undefined) return null
    return { tag: name, why: /\s/.test(name) ? 'blank' : flaw(name) }
  },
  message: {
    ko: ({ tag, why }) => `\`-t\`에 쓴 ${code(tag, '은/는')} 이미지 이름이 될 수 없어요: ${flaws[why].ko}.`,
    en: ({ tag, why }) => `\`${tag}\` after \`-t\` cannot be the name of an image: ${flaws[why].en}.`,
  },
  advice: {
    ko: () => '이미지 이름에는 영문 소문자와 숫자를 쓰고, 단어는 `-`나 `_`로 이으세요.',
    en: () => 'Use small letters and digits, and join words with `-` or `_`.',
  },
})

const instructions =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

type Unknown = { word: string; line?: number; near?: string }

const unknownInstruction = cause<Unknown>({
  code: 'build.unknown-instruction',
  final: true,
  find(situation) {
    const text = said(situation)
    const word = /unknown instruction: (\S+)/i.exec(text)?.[1]
    if (word === undefined) return inFile(situation)
    const line = Number(/(?:parse )?error (?:on )?line (\d+)/i.exec(text)?.[1]) || undefined
    return unknown(word, line)
  },
  message: {
    ko: ({ word, line }) =>
      `Dockerfile${line ? ` ${line}번째 줄` : ''}의 ${code(word, '은/는')} Dockerfile의 지시문이 아니에요.`,
    en: ({ word, line }) => `\`${word}\`${line ? ` on line ${line}` : ''} is not an instruction of a Dockerfile.`,
  },
  advice: {
    ko: ({ near }) =>
      near
        ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? \`cat -n Dockerfile\`로 그 줄을 보세요.`
        : '셸 명령이라면 앞에 지시문이 있어야 해요. `cat -n Dockerfile`로 그 줄이 무엇으로 시작하는지 보세요.',
    en: ({ near }) =>
      near
        ? `Did you mean \`${near}\`? See that line with \`cat -n Dockerfile\`.`
        : 'A shell command needs an instruction in front of it. See with `cat -n Dockerfile` how that line begins.',
  },
})

function unknown(word: string, line: number | undefined): Unknown {
  return known({ word, line, near: nearest(word.toUpperCase(), instructions) }) as Unknown
}

/** The same mistake, seen in the file before anything was built. */
function inFile(situation: Situation): Unknown | null {
  const text = dockerfileText(situation)
  if (!text || /<</.test(text)) return null
  let continued = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const word = line.split(/\s/)[0]!
    if (!continued && !instructions.includes(word.toUpperCase())) return unknown(word, index + 1)
    continued = /\\$/.test(line)
  }
  return null
}

function dockerfileText(situation: Situation): string | undefined {
  const check = looked(situation, 'dockerfile')
  return check ? seenAs<{ file: FileView | null }>(check).file?.text : undefined
}

const baseNotFound = cause<{ ref: string; near?: string }>({
  code: 'build.base-not-found',
  final: true,
  find(situation) {
    const pull = pullTrouble(situation)
    return pull?.kind === 'base-not-found' ? (known({ ref: pull.ref, near: pull.near }) as { ref: string }) : null
  },
  message: {
    ko: ({ ref }) => `Dockerfile의 FROM에 쓴 ${code(ref, '이라/라')}는 이미지를 찾지 못했어요.`,
    en: ({ ref }) => `The image \`${ref}\` that FROM names was not found.`,
  },
  advice: {
    ko: ({ near }) =>
      `${near ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? ` : ''}이름과 쌍점(:) 뒤의 태그를 한 글자씩 보세요. 어떤 태그가 있는지는 Docker Hub에서, 이미 받은 것은 \`docker image ls\`에서 볼 수 있어요.`,
    en: ({ near }) =>
      `${near ? `Did you mean \`${near}\`? ` : ''}Read the name and the tag after the colon letter by letter. Docker Hub lists the tags that exist, \`docker image ls\` those that are here.`,
  },
})

type RunFailed = { command: string; exit: number; tool?: string; network?: number }

const runFailed = cause<RunFailed>({
  code: 'build.run-failed',
  final: true,
  find(situation) {
    const text = said(situation)
    const match =
      /process "(?:\/bin\/(?:ba)?sh -c )?(.+?)" did not complete successfully: exit code: (\d+)/.exec(text) ??
      /executor failed running \[(?:\/bin\/(?:ba)?sh -c )?(.+?)\]: exit code: (\d+)/.exec(text) ??
      /The command '(?:\/bin\/(?:ba)?sh -c )?(.+?)' returned a non-zero code: (\d+)/.exec(text)
    if (!match || isDiskFull(situation)) return null
    const tool = /(?:^|[\s:])([\w.+-]+): (?:command )?not found/m.exec(text)?.[1]
    const network =
      /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNRESET|Temporary failure (?:in name resolution|resolving)|Could not resolve host/.test(
        text,
      )
    const exit = Number(match[2])
    return known({
      command: match[1]!,
      exit,
      tool: exit === 127 ? tool : undefined,
      network: network ? 1 : undefined,
    }) as RunFailed
  },
  message: {
    ko: ({ command, exit, tool, network }) =>
      tool
        ? `RUN의 \`${command}\`에서 ${code(tool, '이라/라')}는 명령이 베이스 이미지에 없어 빌드가 멈췄어요.`
        : network
          ? `RUN의 ${code(command, '이/가')} 빌드하는 동안 인터넷에 닿지 못해 빌드가 멈췄어요.`
          : `RUN의 ${code(command, '이/가')} 종료 코드 ${exit}번으로 실패해서 빌드가 멈췄어요.`,
    en: ({ command, exit, tool, network }) =>
      tool
        ? `The build stopped at \`RUN ${command}\`: the base image has no command \`${tool}\`.`
        : network
          ? `The build stopped at \`RUN ${command}\`: it could not reach the internet from inside the build.`
          : `The build stopped at \`RUN ${command}\`, which failed with exit code ${exit}.`,
  },
  advice: {
    ko: ({ tool, network }) =>
      tool === 'yarn'
        ? '새 Node.js 이미지에는 yarn이 들어 있지 않아요. npm으로 같은 일을 할 수 있는지, FROM의 이미지와 태그가 맞는지 보세요.'
        : tool === 'npm' || tool === 'node'
          ? 'FROM의 이미지가 Node.js 이미지가 맞는지 보세요.'
          : tool
            ? '철자가 맞는지, FROM의 이미지에 그 명령이 들어 있는지 `docker run --rm 베이스이미지 which 명령`으로 확인하세요.'
            : network
              ? '빌드 컨테이너는 엔진의 DNS와 프록시 설정을 써요. `docker info`의 Proxy 항목과 인터넷 연결을 보고 다시 빌드하세요.'
              : '이유는 그 바로 위에 나온 줄들에 있어요. `docker build --progress=plain`으로 전체 출력을 볼 수 있어요.',
    en: ({ tool, network }) =>
      tool === 'yarn'
        ? 'Newer Node.js images come without yarn. See whether npm can do the same, and whether FROM names the image and tag you want.'
        : tool === 'npm' || tool === 'node'
          ? 'See whether FROM names an image with Node.js in it.'
          : tool
            ? 'Look for a slip in its name; `docker run --rm BASEIMAGE which COMMAND` shows whether the image of FROM has it.'
            : network
              ? 'A build uses the DNS and proxy of the engine: see Proxy in `docker info` and whether this machine is online, then build again.'
              : 'The reason is in the lines right above. `docker build --progress=plain` shows the whole output.',
  },
})

const copyMissing = cause<{ source: string; near?: string }>({
  code: 'build.copy-missing',
  final: true,
  find(situation) {
    const text = said(situation)
    const match =
      /(?:failed to compute cache key|failed to calculate checksum of ref)[^\n]*?: "?\/?([^"\s:]+)"?(?: not found)?: not found/.exec(
        text,
      ) ??
      /failed to walk \S*?buildkit-mount\d+\/([^:\s]+): lstat/.exec(text) ??
      /failed to compute cache key[^\n]*lstat \S*?buildkit-mount\d+\/([^:\s]+): no such file/.exec(text) ??
      /(?:COPY|ADD) failed: (?:file not found in build context or excluded by \.dockerignore: stat|stat|lstat) \/?([^:\s]+):/.exec(
        text,
      ) ??
      /(?:COPY|ADD) failed: (?:forbidden path outside the build context|no source files).*?([^\s:]+)/.exec(text)
    if (!match) return null
    const source = match[1]!.replace(/^var\/lib\/docker\/tmp\/docker-builder\d+\//, '')
    const names = (situation.facts.names ?? []).map(each => each.replace(/\/$/, ''))
    return known({ source, near: nearest(source, names) }) as { source: string }
  },
  message: {
    ko: ({ source }) => `COPY로 복사할 ${code(source, '이/가')} 빌드하는 폴더 안에 없어요.`,
    en: ({ source }) => `\`${source}\`, which COPY wants, is not in the folder that is built.`,
  },
  advice: {
    ko: ({ near }) =>
      `${near ? `혹시 \`${near}\`인가요? 대문자와 소문자도 구별해요. ` : ''}COPY의 경로는 빌드하는 폴더에서 시작하고 그 바깥은 볼 수 없어요. \`ls -a\`와 \`cat .dockerignore\`로 파일이 있는지, 제외되지는 않았는지 보세요.`,
    en: ({ near }) =>
      `${near ? `Did you mean \`${near}\`? Capital and small letters differ. ` : ''}Paths of COPY start at the folder that is built and cannot leave it. See with \`ls -a\` and \`cat .dockerignore\` whether the file is there and not excluded.`,
  },
})

const empty = cause<{ file: string }>({
  code: 'build.empty',
  final: true,
  find(situation) {
    const text = dockerfileText(situation)
    if (text !== undefined)
      return text.trim() === '' ? { file: String(situation.check?.fields['path'] ?? 'Dockerfile') } : null
    const call = dockerCall(situation, 'build')
    const match = /the Dockerfile (?:\((.+?)\) )?cannot be empty|file with no instructions|dockerfile is empty/i.exec(
      said(situation),
    )
    return match && call ? { file: match[1] ?? values(call, 'f', 'file')[0] ?? 'Dockerfile' } : null
  },
  message: {
    ko: ({ file }) => `${code(file, '이/가')} 비어 있어요.`,
    en: ({ file }) => `\`${file}\` is empty.`,
  },
  advice: {
    ko: ({ file }) => `편집기에서 저장을 했는지 보고, ${code(`cat ${file}`, '으로/로')} 내용을 확인하세요.`,
    en: ({ file }) => `See whether the editor has saved it, and look with \`cat ${file}\`.`,
  },
})

export const build = [contextMissing, badTag, unknownInstruction, baseNotFound, runFailed, copyMissing, empty]
