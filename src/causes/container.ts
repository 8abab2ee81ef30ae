import { nearest } from '../lab/near.ts'
import { code, particle } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { type Concerned, lastWords, selected, withFate } from './containers.ts'
import { exitMeaning } from './exits.ts'
import { dockerCall, field, known, looked, said, tellingLine } from './look.ts'

/** Older: there is one, from before the time that the check is about. */
type Missing = { wanted: string; by: 'name' | 'image'; near?: string; older?: number }

const missing = cause<Missing>({
  code: 'container.missing',
  final: false,
  find(situation) {
    const names = situation.facts.containers?.map(each => each.name) ?? []
    const check = looked(situation, 'docker.container', 'docker.container.logs')
    if (check) {
      if (selected(check).length > 0) return null
      const wanted = field(check, 'name') || field(check, 'id')
      const older = selected({ ...check, since: 0 }).length > 0 ? 1 : undefined
      if (wanted === '') return known({ wanted: field(check, 'image'), by: 'image' as const, older }) as Missing
      const near = older ? undefined : nearest(wanted, names)
      return known({ wanted, by: 'name' as const, near, older }) as Missing
    }
    const wanted = /No such container: (\S+)/i.exec(said(situation))?.[1] ?? nearlyNamed(situation, names)
    return wanted ? (known({ wanted, by: 'name' as const, near: nearest(wanted, names) }) as Missing) : null
  },
  message: {
    ko: ({ wanted, by, older }) => {
      const what = by === 'image' ? `\`${wanted}\` 이미지로 만든` : `${code(wanted, '이라/라')}는`
      if (older) return `${what} 컨테이너는 전에 만든 것뿐이고, 이번에 새로 만든 것은 없어요.`
      return `${what} 컨테이너가 ${by === 'image' ? '하나도 ' : ''}없어요.`
    },
    en: ({ wanted, by, older }) => {
      const what = by === 'image' ? `container made from the image \`${wanted}\`` : `container \`${wanted}\``
      return older ? `There is no new ${what}, only what was made before.` : `There is no ${what}.`
    },
  },
  advice: {
    ko: ({ near, older }) =>
      older
        ? '전에 만든 컨테이너는 여기서 세지 않아요. 언제 만들었는지는 `docker ps -a`의 CREATED 칸에 있어요. 이 단계의 명령으로 새로 만드세요.'
        : `${near ? `혹시 \`${near}\` 컨테이너를 말한 건가요? ` : ''}\`docker ps -a\`로 멈춘 것까지 모두 보고 NAMES와 IMAGE 칸을 확인하세요.`,
    en: ({ near, older }) =>
      older
        ? 'One that was made earlier does not count here: see the column CREATED of `docker ps -a`. Make a new one with the commands of this step.'
        : `${near ? `Did you mean the container \`${near}\`? ` : ''}List all of them, stopped ones too, with \`docker ps -a\` and look at the columns NAMES and IMAGE.`,
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

/** The engine's words without the chain of who called whom. */
function reason(error: string): string {
  return tellingLine([error.replace(/^.*unable to start container process: (error during container init: )?/s, '')])
}

const notStarted = cause<{ container: string; error?: string }>({
  code: 'container.not-started',
  final: true,
  find(situation) {
    const found = withFate(situation, 'not-started')
    return found
      ? (known({ container: found.container.name, error: reason(found.container.error) }) as {
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

type Ended = { container: string; exit: number; line?: string; foreground?: number }

function ended(found: Concerned | null): Ended | null {
  if (!found) return null
  const { name, exitCode } = found.container
  return known({ container: name, exit: exitCode, line: lastWords(found), foreground: foreground(found) }) as Ended
}

/** It ran without `-d` and ended as a container does when its terminal ends it. `docker start` leaves the terminal. */
function foreground({ container }: Concerned): number | undefined {
  const { attached, oomKilled, exitCode, createdAt, startedAt } = container
  const atOnce = startedAt - createdAt < 10_000
  return attached && atOnce && !oomKilled && [0, 130, 137, 143].includes(exitCode) ? 1 : undefined
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
    ko: ({ container, exit, line, foreground }) =>
      (foreground
        ? `이 컨테이너는 \`-d\` 없이 \`docker run\`으로 실행해서, 그 터미널에서 Ctrl-C를 누르면 함께 멈춰요. ${code(`docker start ${container}`, '으로/로')} 다시 켜거나, ${code(`docker rm ${container}`, '으로/로')} 지우고 \`-d\`를 붙여 다시 실행하세요. `
        : '') +
      `종료 코드 ${particle(exit, '은/는')} ${exitMeaning(exit).ko}. ` +
      (line ? `로그의 마지막은 ${code(line, '이에요/예요')}. ` : '') +
      `${code(`docker logs ${container}`, '으로/로')} 전체를 읽어 보세요. 컨테이너는 그 안의 첫 프로세스가 끝나면 함께 끝나요.`,
    en: ({ container, exit, line, foreground }) =>
      (foreground
        ? `This container was run with \`docker run\` without \`-d\`: it stops when Ctrl-C is pressed in its terminal. Start it again with \`docker start ${container}\`, or remove it with \`docker rm ${container}\` and run it again with \`-d\`. `
        : '') +
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

type Killed = { container: string; exit: number; memory: 'yes' | 'no'; foreground?: number }

const killed = cause<Killed>({
  code: 'container.killed',
  final: true,
  find(situation) {
    const found = withFate(situation, 'killed')
    if (!found) return null
    const { name, exitCode, oomKilled } = found.container
    const memory = oomKilled ? 'yes' : 'no'
    return known({ container: name, exit: exitCode, memory, foreground: foreground(found) }) as Killed
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
    ko: ({ container, exit, memory, foreground }) =>
      memory === 'yes'
        ? `\`docker inspect ${container}\`의 HostConfig.Memory에서 한도를 보고, 더 크게 잡거나 앱이 왜 그만큼 쓰는지 \`docker stats\`로 살펴보세요.`
        : `누군가 \`docker stop\`이나 \`docker kill\`로 멈췄${foreground ? '거나, `-d` 없이 실행한 터미널에서 끝냈' : ''}어요${exit === 143 ? '' : '. SIGKILL은 멈추라는 요청에 10초 안에 답하지 않았을 때도 와요'}. 다시 필요하면 ${code(`docker start ${container}`, '을/를')} 쓰세요.`,
    en: ({ container, exit, memory, foreground }) =>
      memory === 'yes'
        ? `See the limit in HostConfig.Memory of \`docker inspect ${container}\`; raise it, or find out with \`docker stats\` why the app needs so much.`
        : `Someone stopped it with \`docker stop\` or \`docker kill\`${foreground ? ', or ended it in the terminal where it was run without `-d`' : ''}${exit === 143 ? '' : '; SIGKILL also follows when it does not obey within 10 seconds'}. If you need it again: \`docker start ${container}\`.`,
  },
})

export const container = [missing, nameTaken, badName, running, notStarted, exited, restarting, killed]
