import { join, resolve } from 'node:path'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { blankInTag, forgotContext } from './docker.ts'
import { pullTrouble } from './image-pull.ts'
import { flaw, flaws } from './images.ts'
import { values } from './line.ts'
import { dockerCall, failing, known, said } from './look.ts'

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

/** What COPY or ADD names and the builder did not get. */
function copied(situation: Situation): { source: string; near?: string; ignored: boolean } | null {
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
  const command = failing(situation)
  const { names = [], files = {} } = situation.facts
  const plain = names.map(each => each.replace(/\/$/, ''))
  const context = resolve(command?.cwd ?? '', dockerCall(situation, 'build')?.args[0] ?? '.')
  const ignored = (context === command?.cwd && plain.includes(source)) || Boolean(files[join(context, source)])
  return { source, ignored, ...known({ near: nearest(source, plain) }) }
}

const copyMissing = cause<{ source: string; near?: string }>({
  code: 'build.copy-missing',
  final: true,
  find(situation) {
    const found = copied(situation)
    if (!found || found.ignored) return null
    return known({ source: found.source, near: found.near }) as { source: string }
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

const copyIgnored = cause<{ source: string }>({
  code: 'build.copy-ignored',
  final: true,
  find(situation) {
    const found = copied(situation)
    return found?.ignored ? { source: found.source } : null
  },
  message: {
    ko: ({ source }) =>
      `COPY로 복사할 ${code(source, '은/는')} 폴더에 있지만 \`.dockerignore\`가 빌드에서 빼고 있어요.`,
    en: ({ source }) =>
      `\`${source}\`, which COPY wants, is in the folder, but \`.dockerignore\` keeps it out of the build.`,
  },
  advice: {
    ko: () =>
      '`cat .dockerignore`에서 그 파일에 맞는 줄을 찾아 보세요. `*`가 든 줄은 여러 파일을 한꺼번에 빼고, `!`로 시작하는 줄은 다시 넣어요.',
    en: () =>
      'Find the line that fits the file with `cat .dockerignore`. A line with `*` leaves out many files at once; one that begins with `!` takes some back in.',
  },
})

export const build = [contextMissing, badTag, baseNotFound, copyMissing, copyIgnored]
