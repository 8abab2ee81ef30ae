import { nearest } from '../lab/near.ts'
import { code, particle } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { type Concerned, concerned, type Fate, lastWords, missingModule, refusal, selected } from './containers.ts'
import { exitMeaning } from './exits.ts'
import { values } from './line.ts'
import { dockerCall, field, known, looked, said, tellingLine } from './look.ts'

function withFate(situation: Situation, fate: Fate): Concerned | null {
  const found = concerned(situation)
  return found?.fate === fate ? found : null
}

type Missing = { wanted: string; by: 'name' | 'image'; near?: string }

const missing = cause<Missing>({
  code: 'container.missing',
  final: false,
  find(situation) {
    const names = situation.facts.containers?.map(each => each.name) ?? []
    const check = looked(situation, 'docker.container', 'docker.container.logs')
    if (check) {
      if (selected(check).length > 0) return null
      const wanted = field(check, 'name') || field(check, 'id')
      if (wanted === '') return { wanted: field(check, 'image'), by: 'image' }
      return known({ wanted, by: 'name' as const, near: nearest(wanted, names) }) as Missing
    }
    const wanted = /No such container: (\S+)/i.exec(said(situation))?.[1] ?? nearlyNamed(situation, names)
    return wanted ? (known({ wanted, by: 'name' as const, near: nearest(wanted, names) }) as Missing) : null
  },
  message: {
    ko: ({ wanted, by }) =>
      by === 'image'
        ? `\`${wanted}\` 이미지로 만든 컨테이너가 하나도 없어요.`
        : `${code(wanted, '이라/라')}는 컨테이너가 없어요.`,
    en: ({ wanted, by }) =>
      by === 'image'
        ? `There is no container made from the image \`${wanted}\`.`
        : `There is no container \`${wanted}\`.`,
  },
  advice: {
    ko: ({ near }) =>
      `${near ? `혹시 \`${near}\` 컨테이너를 말한 건가요? ` : ''}\`docker ps -a\`로 멈춘 것까지 모두 보고 NAMES와 IMAGE 칸을 확인하세요.`,
    en: ({ near }) =>
      `${near ? `Did you mean the container \`${near}\`? ` : ''}List all of them, stopped ones too, with \`docker ps -a\` and look at the columns NAMES and IMAGE.`,
  },
})

/** `docker inspect` says only "No such object": a container is meant where one has nearly that name. */
function nearlyNamed(situation: Situation, names: readonly string[]): string | undefined {
  const wanted = /No such object: (\S+)/i.exec(said(situation))?.[1]
  return wanted && nearest(wanted, names) ? wanted : undefined
}

const nameTaken = cause<{ name: string; state?: string }>({
  code: 'container.name-taken',
  final: true,
  find(situation) {
    const name = /The container name "\/?([^"]+)" is already in use/.exec(said(situation))?.[1]
    const holder = situation.facts.containers?.find(each => each.name === name)
    return name ? (known({ name, state: holder?.state }) as { name: string }) : null
  },
  message: {
    ko: ({ name, state }) =>
      `${code(name, '이라/라')}는 이름을 이미 다른 컨테이너${state ? `(상태: ${state})` : ''}가 쓰고 있어요.`,
    en: ({ name, state }) =>
      `The name \`${name}\` already belongs to another container${state ? ` (state: ${state})` : ''}.`,
  },
  advice: {
    ko: ({ name, state }) =>
      `${state === 'created' ? '조금 전에 실패한 `docker run`이 남긴 컨테이너일 수 있어요. ' : ''}${code(`docker ps -a --filter name=${name}`, '으로/로')} 확인하고, 필요 없으면 ${code(`docker rm ${name}`, '으로/로')} 지우거나 다른 이름을 쓰세요.`,
    en: ({ name, state }) =>
      `${state === 'created' ? 'An earlier `docker run` that failed may have left it. ' : ''}Look at it with \`docker ps -a --filter name=${name}\`; remove it with \`docker rm ${name}\` if you do not need it, or choose another name.`,
  },
})

const badName = cause<{ name: string }>({
  code: 'container.bad-name',
  final: true,
  find(situation) {
    const name = /Invalid container name \(([^)]*)\)/.exec(said(situation))?.[1]
    return name === undefined ? null : { name }
  },
  message: {
    ko: ({ name }) => `\`${name}\`에는 컨테이너 이름에 쓸 수 없는 글자가 있어요.`,
    en: ({ name }) => `\`${name}\` has characters that a container name cannot have.`,
  },
  advice: {
    ko: () => '영문자와 숫자로 시작하고, 그 뒤에는 `_` `.` `-`까지만 쓸 수 있어요. 빈칸과 한글은 쓸 수 없어요.',
    en: () => 'Begin with a letter or digit of the Latin alphabet; `_`, `.` and `-` may follow, blanks may not.',
  },
})

const running = cause<{ container: string }>({
  code: 'container.running',
  final: true,
  find(situation) {
    const found = /cannot remove (?:a running )?container "?\/?([\w.-]+)"?[.:]/i.exec(said(situation)) ?? null
    if (!found) return null
    const typed = dockerCall(situation, 'rm')?.args
    return { container: typed?.length === 1 ? typed[0]! : found[1]! }
  },
  message: {
    ko: ({ container }) => `\`${container}\` 컨테이너가 아직 실행 중이라 지울 수 없어요.`,
    en: ({ container }) => `The container \`${container}\` still runs, so it cannot be removed.`,
  },
  advice: {
    ko: () => '`docker ps`로 확인하고 `docker stop`으로 먼저 멈춘 다음 다시 지우세요.',
    en: () => 'See it in `docker ps`, stop it with `docker stop`, then remove it again.',
  },
})

const notStarted = cause<{ container: string; error?: string }>({
  code: 'container.not-started',
  final: true,
  find(situation) {
    const found = withFate(situation, 'not-started')
    return found
      ? (known({ container: found.container.name, error: tellingLine([found.container.error]) }) as {
          container: string
        })
      : null
  },
  message: {
    ko: ({ container }) => `\`${container}\` 컨테이너는 만들어지기만 하고 시작되지 않았어요.`,
    en: ({ container }) => `The container \`${container}\` was created but never started.`,
  },
  advice: {
    ko: ({ container, error }) =>
      error
        ? `엔진이 말한 이유는 이것이에요: \`${error}\` 이유를 고친 다음 이 컨테이너를 \`docker rm\`으로 지우고 다시 실행하세요.`
        : `${code(`docker start ${container}`, '으로/로')} 시작할 수 있어요. \`docker ps -a\`의 STATUS 칸에서 상태를 확인하세요.`,
    en: ({ container, error }) =>
      error
        ? `The engine says why: \`${error}\` Put it right, remove this container with \`docker rm\`, and run it again.`
        : `\`docker start ${container}\` starts it. See its state in the column STATUS of \`docker ps -a\`.`,
  },
})

type Ended = { container: string; exit: number; line?: string }

function ended(found: Concerned | null): Ended | null {
  if (!found) return null
  return known({ container: found.container.name, exit: found.container.exitCode, line: lastWords(found) }) as Ended
}

const exited = cause<Ended>({
  code: 'container.exited',
  final: true,
  find: situation => ended(withFate(situation, 'exited')),
  message: {
    ko: ({ container, exit }) =>
      `\`${container}\` 컨테이너가 종료 코드 ${particle(exit, '으로/로')} 끝나서 지금은 떠 있지 않아요.`,
    en: ({ container, exit }) =>
      `The container \`${container}\` has ended with exit code ${exit} and does not run any more.`,
  },
  advice: {
    ko: ({ container, exit, line }) =>
      `종료 코드 ${particle(exit, '은/는')} ${exitMeaning(exit).ko}. ` +
      (line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : '') +
      `${code(`docker logs ${container}`, '으로/로')} 전체를 읽어 보세요. 컨테이너는 그 안의 첫 프로세스가 끝나면 함께 끝나요.`,
    en: ({ container, exit, line }) =>
      `Exit code ${exit} means: ${exitMeaning(exit).en}. ` +
      (line ? `Its log ends with \`${line}\`. ` : '') +
      `Read all of it with \`docker logs ${container}\`. A container lives as long as its first process.`,
  },
})

const restarting = cause<Ended>({
  code: 'container.restarting',
  final: false,
  find: situation => ended(withFate(situation, 'restarting')),
  message: {
    ko: ({ container, exit }) =>
      `\`${container}\` 컨테이너가 시작하자마자 종료 코드 ${particle(exit, '으로/로')} 끝나기를 되풀이하고 있어요.`,
    en: ({ container, exit }) =>
      `The container \`${container}\` keeps ending with exit code ${exit} right after each start.`,
  },
  advice: {
    ko: ({ container, line }) =>
      `${line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : ''}${code(`docker logs --tail 30 ${container}`, '으로/로')} 왜 끝나는지 보세요.`,
    en: ({ container, line }) =>
      `${line ? `Its log ends with \`${line}\`. ` : ''}See why it ends with \`docker logs --tail 30 ${container}\`.`,
  },
})

type Killed = { container: string; exit: number; memory: 'yes' | 'no' }

const killed = cause<Killed>({
  code: 'container.killed',
  final: true,
  find(situation) {
    const found = withFate(situation, 'killed')
    if (!found) return null
    const { name, exitCode, oomKilled } = found.container
    return { container: name, exit: exitCode, memory: oomKilled ? 'yes' : 'no' }
  },
  message: {
    ko: ({ container, exit, memory }) =>
      memory === 'yes'
        ? `\`${container}\` 컨테이너가 메모리 한도를 넘어서 강제로 종료됐어요.`
        : exit === 143
          ? `\`${container}\` 컨테이너는 종료 요청(SIGTERM)을 받고 끝났어요.`
          : `\`${container}\` 컨테이너는 강제 종료(SIGKILL)됐지만 메모리 때문은 아니에요.`,
    en: ({ container, exit, memory }) =>
      memory === 'yes'
        ? `The container \`${container}\` was killed because it went over its memory limit.`
        : exit === 143
          ? `The container \`${container}\` ended because it was asked to (SIGTERM).`
          : `The container \`${container}\` was killed (SIGKILL), but not for its memory.`,
  },
  advice: {
    ko: ({ container, exit, memory }) =>
      memory === 'yes'
        ? `\`docker inspect ${container}\`의 HostConfig.Memory에서 한도를 보고, 더 크게 잡거나 앱이 왜 그만큼 쓰는지 \`docker stats\`로 살펴보세요.`
        : `누군가 \`docker stop\`이나 \`docker kill\`로 멈췄어요${exit === 143 ? '' : '. SIGKILL은 멈추라는 요청에 10초 안에 답하지 않았을 때도 와요'}. 다시 필요하면 ${code(`docker start ${container}`, '을/를')} 쓰세요.`,
    en: ({ container, exit, memory }) =>
      memory === 'yes'
        ? `See the limit in HostConfig.Memory of \`docker inspect ${container}\`; raise it, or find out with \`docker stats\` why the app needs so much.`
        : `Someone stopped it with \`docker stop\` or \`docker kill\`${exit === 143 ? '' : '; SIGKILL also follows when it does not obey within 10 seconds'}. If you need it again: \`docker start ${container}\`.`,
  },
})

const moduleMissing = cause<{ container: string; module: string }>({
  code: 'container.module-missing',
  final: true,
  find(situation) {
    const found = withFate(situation, 'module-missing')
    if (found) return { container: found.container.name, module: missingModule(found.lines) ?? '' }
    // A foreground `docker run --rm` leaves no container to look at: then its output tells.
    const call = dockerCall(situation, 'run')
    const module = call && !concerned(situation) ? missingModule(said(situation).split('\n')) : undefined
    return call && module ? { container: values(call, 'name')[0] ?? call.args[0] ?? '', module } : null
  },
  message: {
    ko: ({ container, module }) =>
      `\`${container}\` 컨테이너 안에서 Node.js가 ${code(module, '을/를')} 찾지 못하고 끝났어요.`,
    en: ({ container, module }) => `In the container \`${container}\` Node.js did not find \`${module}\` and ended.`,
  },
  advice: {
    ko: ({ module }) =>
      /^[./]/.test(module)
        ? 'Dockerfile의 WORKDIR, COPY, CMD에 쓴 경로가 서로 맞는지 보세요. 이미지에 무엇이 들었는지는 `docker run --rm 이미지 ls`로 볼 수 있어요.'
        : '이미지 안에 그 패키지가 설치되어 있지 않아요. package.json의 dependencies와, Dockerfile에서 패키지를 설치하는 RUN이 COPY 뒤에 있는지 보세요.',
    en: ({ module }) =>
      /^[./]/.test(module)
        ? "See whether the paths in the Dockerfile's WORKDIR, COPY and CMD fit together. `docker run --rm IMAGE ls` shows what is in the image."
        : 'That package is not installed in the image. Look at dependencies in package.json, and whether the RUN that installs them comes after COPY.',
  },
})

const commandNotInImage = cause<{ command: string; container?: string; why: 'missing' | 'not-executable' }>({
  code: 'command.not-in-image',
  final: true,
  find(situation) {
    const found = withFate(situation, 'command-refused')
    const text = found ? found.container.error : said(situation)
    if (refusal(text) !== 'command') return null
    const command = /exec: "?([^":\s]+)/.exec(text)?.[1] ?? ''
    const why = /permission denied|is a directory/.test(text) ? ('not-executable' as const) : ('missing' as const)
    return known({ command, container: found?.container.name, why }) as { command: string; why: typeof why }
  },
  message: {
    ko: ({ command, why }) =>
      command.startsWith('-')
        ? `\`${command}\` 옵션을 이미지 이름 뒤에 써서 Docker가 컨테이너 안의 명령으로 알았어요.`
        : why === 'missing'
          ? `컨테이너 안에 ${code(command, '이라/라')}는 명령이 없어요.`
          : `컨테이너 안의 ${code(command, '은/는')} 실행할 수 있는 파일이 아니에요.`,
    en: ({ command, why }) =>
      command.startsWith('-')
        ? `The option \`${command}\` came after the image name, so Docker took it for a command to run in the container.`
        : why === 'missing'
          ? `There is no command \`${command}\` in the container.`
          : `\`${command}\` in the container is not a file that can be executed.`,
  },
  advice: {
    ko: ({ command, why }) =>
      (command.startsWith('-')
        ? '`docker run` 옵션은 모두 이미지 이름 앞에 쓰세요. '
        : why === 'missing'
          ? '이미지마다 들어 있는 명령이 달라요. 예를 들어 alpine 계열에는 bash가 없고 sh만 있어요. '
          : '폴더이거나 실행 권한(x)이 없는 파일이에요. `ls -l`로 권한을 보세요. ') +
      '실패한 `docker run`이 남긴 컨테이너는 `docker ps -a`로 찾아 지우세요.',
    en: ({ command, why }) =>
      (command.startsWith('-')
        ? 'Write all options of `docker run` before the image name. '
        : why === 'missing'
          ? 'Each image has its own set of commands; those based on alpine have sh but no bash. '
          : 'It is a folder, or a file without the right to be executed (x): see `ls -l`. ') +
      'A failed `docker run` leaves a container behind: find it with `docker ps -a` and remove it.',
  },
})

export const container = [
  missing,
  nameTaken,
  badName,
  running,
  notStarted,
  exited,
  restarting,
  killed,
  moduleMissing,
  commandNotInImage,
]
