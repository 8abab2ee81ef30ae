import { code, particle } from '../text/josa.ts'
import type { Cause, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { known, said } from './look.ts'

/** As the reader of the engine names them: `ours` and `theirs` are API versions, of the program and of the engine. */
type Engine = { socket?: string; source?: string; context?: string; ours?: string; theirs?: string; message?: string }

/** What the command said; each pattern names its groups after the evidence. */
const wordings: readonly [code: string, pattern: RegExp][] = [
  [
    'engine.permission',
    /permission denied while trying to connect to the (?:Docker daemon socket|docker API) at (?<socket>\S+?):?(?:\s|$)/i,
  ],
  [
    'engine.wrong-context',
    /(?:unable to resolve docker endpoint: )?(?<!error: )context "(?<context>[^"]+)"(?:: context)? (?:not found|does not exist)/,
  ],
  ['engine.api-too-old', /client version (?<ours>\S+) is too new\. Maximum supported API version is (?<theirs>[\d.]+)/],
  ['engine.api-too-new', /client version (?<ours>\S+) is too old\. Minimum supported API version is (?<theirs>[\d.]+)/],
  ['engine.timeout', /error during connect:.*(?:timeout|deadline exceeded|timed out)/i],
  [
    'engine.down',
    /Cannot connect to the Docker daemon at (?<socket>\S+?)\. Is the docker daemon running|failed to connect to the docker API at (?<socket2>[^\s;]+)|error during connect:.*(?:connection refused|no such host|cannot find the file)/i,
  ],
  [
    'engine.error',
    /request returned (?<message>.+?) for API route and version|(?<message2>unexpected EOF) while reading from the daemon/i,
  ],
]

const engineCodes = new Set(wordings.map(each => each[0]))

/** One code at most: what a check's look reported, or what the docker command said. */
function trouble(situation: Situation): { code: string; evidence: Engine } | null {
  const problem = situation.check?.problem
  if (problem) {
    if (!problem.code.startsWith('engine.')) return null
    const evidence = Object.fromEntries(Object.entries(problem.evidence).map(([key, value]) => [key, String(value)]))
    return { code: engineCodes.has(problem.code) ? problem.code : 'engine.error', evidence: known(evidence) as Engine }
  }
  const text = said(situation)
  const found = wordings.find(([, pattern]) => pattern.test(text))
  if (!found) return null
  const { socket, socket2, message, message2, ...rest } = found[1].exec(text)?.groups ?? {}
  return {
    code: found[0],
    evidence: known({ ...rest, socket: socket ?? socket2, message: message ?? message2 }) as Engine,
  }
}

function engineCause(code: string, final: boolean, texts: Pick<Cause<Engine>, 'message' | 'advice'>) {
  return cause<Engine>({
    code,
    final,
    find(situation) {
      const found = trouble(situation)
      return found?.code === code ? found.evidence : null
    },
    ...texts,
  })
}

const at = (socket: string | undefined, blank = '') => (socket ? `${blank}(\`${socket}\`)` : '')

const down = engineCause('engine.down', true, {
  message: {
    ko: ({ socket }) => `Docker 엔진${at(socket)}이 대답하지 않아요.`,
    en: ({ socket }) => `The Docker engine${at(socket, ' ')} does not answer.`,
  },
  advice: {
    ko: ({ source }) =>
      `${source && source !== 'default' ? `이 주소는 ${source}에서 왔어요. 맞는 주소인지 보세요. ` : ''}\`docker version\`으로 엔진이 켜져 있는지 보고, 꺼져 있으면 \`sudo systemctl start docker\`나 Docker Desktop으로 켜세요. DOCKER_HOST를 바꿔 두었다면 \`echo $DOCKER_HOST\`도 확인하세요.`,
    en: ({ source }) =>
      `${source && source !== 'default' ? `The address comes from ${source}: see whether it is right. ` : ''}Check with \`docker version\`; if the engine is off, start it with \`sudo systemctl start docker\` or with Docker Desktop. If you have set DOCKER_HOST, look at it with \`echo $DOCKER_HOST\`.`,
  },
})

const permission = engineCause('engine.permission', true, {
  message: {
    ko: ({ socket }) => `Docker 엔진${at(socket)}은 있지만 지금 사용자에게 쓸 권한이 없어요.`,
    en: ({ socket }) => `The Docker engine${at(socket, ' ')} is there, but you may not use it.`,
  },
  advice: {
    ko: () =>
      '`id -nG`에 docker 그룹이 있는지 보세요. 없으면 `sudo usermod -aG docker $USER`를 하고 로그아웃한 뒤 다시 로그인해야 해요. 소켓의 권한을 모두에게 열지는 마세요.',
    en: () =>
      'See with `id -nG` whether you are in the group docker. If not: `sudo usermod -aG docker $USER`, then log out and in again. Do not open the socket to everyone.',
  },
})

const wrongContext = engineCause('engine.wrong-context', true, {
  message: {
    ko: ({ context = '', socket }) =>
      socket
        ? `Docker가 \`${context}\` 컨텍스트를 쓰도록 되어 있는데, 그 주소(\`${socket}\`)에서 대답하는 엔진이 없어요.`
        : `Docker가 쓰도록 되어 있는 \`${context}\` 컨텍스트를 찾을 수 없어요.`,
    en: ({ context = '', socket }) =>
      socket
        ? `Docker is told to use the context \`${context}\`, but no engine answers at its address (\`${socket}\`).`
        : `Docker is told to use the context \`${context}\`, which cannot be found.`,
  },
  advice: {
    ko: () =>
      '`docker context ls`로 목록을 보고 `docker context use default`로 되돌리세요. `echo $DOCKER_CONTEXT`에 값이 있으면 `unset DOCKER_CONTEXT`도 하세요.',
    en: () =>
      'List them with `docker context ls` and go back with `docker context use default`. If `echo $DOCKER_CONTEXT` prints something, also `unset DOCKER_CONTEXT`.',
  },
})

const tooOld = engineCause('engine.api-too-old', true, {
  message: {
    ko: ({ ours = '', theirs }) =>
      `이 프로그램은 Docker API ${particle(ours, '을/를')} 쓰는데, 엔진은 ${theirs ? `${theirs}까지만` : '그보다 옛것만'} 알아요.`,
    en: ({ ours = '', theirs }) =>
      `This program uses the Docker API ${ours}, but the engine knows only ${theirs ? `${theirs} and older` : 'older ones'}.`,
  },
  advice: {
    ko: () => '`docker version`에서 Client와 Server의 API version을 견주어 보고 엔진을 새 버전으로 올리세요.',
    en: () => 'Compare the API versions of Client and Server in `docker version`, and upgrade the engine.',
  },
})

const tooNew = engineCause('engine.api-too-new', true, {
  message: {
    ko: ({ ours = '', theirs }) =>
      `이 프로그램은 Docker API ${particle(ours, '을/를')} 쓰는데, 엔진은 ${theirs ? `${theirs}부터만` : '그보다 새것만'} 받아요.`,
    en: ({ ours = '', theirs }) =>
      `This program uses the Docker API ${ours}, but the engine accepts only ${theirs ? `${theirs} and newer` : 'newer ones'}.`,
  },
  advice: {
    ko: () =>
      '`docker version`에서 Client와 Server의 API version을 견주어 보고 클라이언트를 새 버전으로 올리세요. `echo $DOCKER_API_VERSION`에 옛 값이 남아 있지 않은지도 보세요.',
    en: () =>
      'Compare the API versions of Client and Server in `docker version`, and upgrade the client. Also see whether `echo $DOCKER_API_VERSION` still has an old value.',
  },
})

const timeout = engineCause('engine.timeout', false, {
  message: {
    ko: ({ socket }) => `Docker 엔진${at(socket)}이 제때 대답하지 않았어요.`,
    en: ({ socket }) => `The Docker engine${at(socket, ' ')} did not answer in time.`,
  },
  advice: {
    ko: () =>
      '컴퓨터가 바쁘면 잠시 그럴 수 있어요. `docker ps`가 돌아오는지, `uptime`에서 부하가 높은지 보고 다시 해 보세요.',
    en: () =>
      'A busy machine can do that for a while. See whether `docker ps` comes back and what `uptime` says of the load, then try again.',
  },
})

const error = engineCause('engine.error', true, {
  message: {
    ko: ({ message }) =>
      message
        ? `Docker 엔진이 요청을 처리하지 못하고 ${code(message, '이라/라')}고 답했어요.`
        : 'Docker 엔진이 요청을 처리하지 못했어요.',
    en: ({ message }) => `The Docker engine failed to handle the request${message ? ` and said \`${message}\`` : ''}.`,
  },
  advice: {
    ko: () => '`docker info`가 되는지 보세요. 계속되면 `sudo journalctl -u docker -n 50`에 엔진의 로그가 있어요.',
    en: () =>
      "See whether `docker info` works. If this stays, the engine's log is in `sudo journalctl -u docker -n 50`.",
  },
})

export const engine = [down, permission, wrongContext, tooOld, tooNew, timeout, error]
