import { nodesOfKind } from '../check/kinds/kind-cluster.ts'
import type { FileView, HttpView } from '../lab/machine.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { concerned, publishes } from './containers.ts'
import { runsOldImage } from './images.ts'
import { differsAt, expectations, known, looked, seenAs } from './look.ts'
import { portTrouble, takenPort } from './ports.ts'
import { proxyTrouble } from './proxy.ts'
import { requestOf } from './requests.ts'
import { goesToCluster } from './services.ts'

type Refused = { address: string; port: number; process?: string; other?: number; near?: number }

const refused = cause<Refused>({
  code: 'http.refused',
  final: false,
  find(situation) {
    const request = requestOf(situation)
    if (request?.failure !== 'refused' || portTrouble(situation) || concerned(situation)) return null
    if (takenPort(situation) || goesToCluster(situation)) return null
    const listener = request.local ? nodeElsewhere(situation, request.port) : undefined
    const near = request.local ? nearPort(situation, request.port) : undefined
    return known({ ...(near ? { near } : listener), address: request.address, port: request.port }) as Refused
  },
  message: {
    ko: ({ address, port }) => `\`${address}\`에 접속하지 못했어요: ${port}번 포트에서 요청을 받는 프로그램이 없어요.`,
    en: ({ address, port }) => `\`${address}\` refuses connections: no program listens on port ${port}.`,
  },
  advice: {
    ko: ({ port, process, other, near }) =>
      (near ? `혹시 kind 클러스터로 이어진 ${near}번 포트를 쓰려던 건가요? ` : '') +
      (process
        ? `\`${process}\` 프로세스가 ${other}번 포트에서 요청을 받고 있어요. 포트를 다르게 준 건 아닌지 보세요. `
        : '') +
      `서버를 띄웠는지, 띄운 뒤 오류로 끝나지 않았는지 로그를 보세요. ${code(`ss -ltn 'sport = :${port}'`, '으로/로')} 요청을 받는 프로그램이 있는지, 컨테이너라면 \`docker ps -a\`로 상태를 볼 수 있어요.`,
    en: ({ port, process, other, near }) =>
      (near ? `Did you mean port ${near}, which leads to the kind cluster? ` : '') +
      (process ? `The process \`${process}\` listens on port ${other}: was it given another port? ` : '') +
      `See whether the server was started, and in its log whether it ended with an error. \`ss -ltn 'sport = :${port}'\` shows who listens; for a container look at \`docker ps -a\`.`,
  },
})

/** The port that was meant by a slip in a line, of those that the nodes of the lab's cluster publish for Services. */
function nearPort({ command, facts: { cluster, containers = [] } }: Situation, port: number): number | undefined {
  const name = cluster?.context.replace(/^kind-/, '')
  if (!command || name === undefined) return undefined
  const published = nodesOfKind(containers, name).flatMap(({ ports }) => Object.entries(ports))
  // 6443 is the API server's own.
  const open = published.filter(([inside]) => !inside.startsWith('6443/')).map(([, host]) => String(host))
  const near = nearest(String(port), open)
  return near === undefined ? undefined : Number(near)
}

/** A server of the learner's own that came up on another port. */
function nodeElsewhere(situation: Situation, port: number): { process: string; other: number } | undefined {
  const found = situation.facts.listeners?.filter(each => each.process === 'node' && each.port !== port) ?? []
  // code-server and editors are Node.js programs too: only a neighbour of the port is meant.
  const near = found.find(each => Math.abs(each.port - port) <= 10)
  return near && { process: 'node', other: near.port }
}

const noAnswer = cause<{ address: string; port: number }>({
  code: 'http.no-answer',
  final: false,
  find(situation) {
    const request = requestOf(situation)
    if (!request?.failure || request.failure === 'refused') return null
    if (portTrouble(situation) || goesToCluster(situation)) return null
    return { address: request.address, port: request.port }
  },
  message: {
    ko: ({ address }) => `\`${address}\`에 연결은 되지만 답이 오지 않아요.`,
    en: ({ address }) => `\`${address}\` accepts the connection but does not answer.`,
  },
  advice: {
    ko: ({ port }) =>
      `앱이 아직 준비 중이거나, 그 포트에 HTTP가 아닌 다른 프로그램이 있을 수 있어요. ${code(`ss -ltnp 'sport = :${port}'`, '으로/로')} 누구인지 보고 그 프로그램의 로그를 확인하세요.`,
    en: ({ port }) =>
      `The app may not be ready yet, or another program that does not speak HTTP has the port. See who it is with \`ss -ltnp 'sport = :${port}'\`, and read its log.`,
  },
})

type Status = { address: string; status: number; who?: string }

const status = cause<Status>({
  code: 'http.status',
  final: false,
  find(situation) {
    const request = requestOf(situation)
    if (request?.status === undefined) return null
    const check = looked(situation, 'http')
    if (check && !differsAt(check, /^status$/)) return null
    if (answeredByOld(situation) || proxyTrouble(situation)) return null
    const holder = situation.facts.containers?.find(each => publishes(each, request.port))
    const process = situation.facts.listeners?.find(each => each.port === request.port)?.process
    const who = request.local ? (holder?.name ?? (process === 'docker-proxy' ? undefined : process)) : undefined
    return known({ address: request.address, status: request.status, who }) as Status
  },
  message: {
    ko: ({ address, status, who }) =>
      `\`${address}\`에 물으니 ${who ? `\`${who}\`에서 ` : ''}HTTP ${status}(${meaning(status).ko})이라는 답이 왔어요.`,
    en: ({ address, status, who }) =>
      `\`${address}\` answers${who ? ` (from \`${who}\`)` : ''} with HTTP ${status} (${meaning(status).en}).`,
  },
  advice: {
    ko: ({ status, who }) =>
      status >= 500
        ? `앱 안에서 오류가 났어요. ${who ? `\`${who}\`의 ` : ''}로그를 보세요. 컨테이너라면 \`docker logs\`로 볼 수 있어요.`
        : status === 404
          ? '주소의 경로를 한 글자씩 보고, 그 포트에 기대한 앱이 떠 있는지 `docker ps`나 `ss -ltnp`로 확인하세요.'
          : '그 포트에 기대한 앱이 떠 있는지 보고, `curl -i`로 답 전체를 읽어 보세요.',
    en: ({ status, who }) =>
      status >= 500
        ? `Something failed inside the app: read the log${who ? ` of \`${who}\`` : ''}; for a container that is \`docker logs\`.`
        : status === 404
          ? 'Read the path of the address letter by letter, and see with `docker ps` or `ss -ltnp` whether the app you expect has that port.'
          : 'See whether the app you expect has that port, and read the whole answer with `curl -i`.',
  },
})

function meaning(status: number): { ko: string; en: string } {
  if (status === 404) return { ko: '그런 경로가 없음', en: 'there is nothing at that path' }
  if (status === 401 || status === 403) return { ko: '권한이 없음', en: 'access is not allowed' }
  if (status >= 500) return { ko: '서버 오류', en: 'a server error' }
  if (status >= 400) return { ko: '잘못된 요청', en: 'the request was not accepted' }
  return status >= 300
    ? { ko: '다른 주소로 보냄', en: 'a redirect to another address' }
    : { ko: '성공', en: 'a success' }
}

/** The script of the page, from a file, an answer, or what an `exec` check printed. */
function script(situation: Situation): { text: string; file: string } | null {
  const check = looked(situation, 'file', 'http', 'exec')
  if (!check) return null
  const seen = seenAs<{ file?: FileView | null; stdout?: string } & Partial<HttpView>>(check)
  const text = check.kind === 'file' ? seen.file?.text : check.kind === 'http' ? seen.text : seen.stdout
  // A page with another mistake in it is not explained by its addresses.
  if (text === undefined || !/items|proxy/.test(expectations(check)) || answeredByOld(situation)) return null
  const file = check.fields['path'] ?? /[^/]*\.js$/.exec(String(check.fields['url'] ?? ''))?.[0] ?? 'app.js'
  return { text, file: String(file) }
}

/** The answer came from a container with an old image: then that is what to put right first. */
function answeredByOld(situation: Situation): boolean {
  const request = requestOf(situation)
  const holder = request?.local && situation.facts.containers?.find(each => publishes(each, request.port))
  return holder ? runsOldImage(holder, situation.facts) : false
}

const proxied = /\/proxy\/\d+(?:\/proxy\/\d+)*\/?items/
const absolute = /['"`]\/items/

const proxyUrls = cause<{ file: string; found: string }>({
  code: 'app.proxy-urls',
  final: false,
  find(situation) {
    const page = script(situation)
    const found = page && proxied.exec(page.text)?.[0]
    return page && found ? { file: page.file, found } : null
  },
  message: {
    ko: ({ file, found }) =>
      `\`${file}\`에 \`${found}\`처럼 프록시 경로가 박혀 있어서, 그 프록시를 거치지 않고는 앱이 동작하지 않아요.`,
    en: ({ file, found }) =>
      `\`${file}\` has the path of a proxy written into it (\`${found}\`), so the app works behind that proxy only.`,
  },
  advice: {
    ko: ({ file }) =>
      `${code(`grep -n items ${file}`, '으로/로')} 어느 줄인지 보세요. \`sed\`를 두 번 실행하면 경로가 겹쳐 쓰이기도 해요. 처음으로 되돌리려면 그 파일을 \`git checkout\`으로 다시 꺼내면 돼요.`,
    en: ({ file }) =>
      `See the lines with \`grep -n items ${file}\`. Running \`sed\` twice writes the path in twice. \`git checkout\` of that file brings the original back.`,
  },
})

const absoluteUrls = cause<{ file: string }>({
  code: 'app.absolute-urls',
  final: false,
  find(situation) {
    const page = script(situation)
    return page && absolute.test(page.text) && !proxied.test(page.text) ? { file: page.file } : null
  },
  message: {
    ko: ({ file }) =>
      `\`${file}\`에서 요청하는 주소가 아직 \`/\`로 시작하는 절대 경로라서, 프록시를 거치면 앱이 아닌 곳으로 가요.`,
    en: ({ file }) =>
      `The requests in \`${file}\` still go to addresses that begin with \`/\`, which miss the app when it is opened through a proxy.`,
  },
  advice: {
    ko: ({ file }) =>
      `${code(`grep -n items ${file}`, '으로/로')} 어느 줄이 남았는지 보세요. 따옴표(\`'\`)와 역따옴표로 쓴 주소가 모두 바뀌어야 해요.`,
    en: ({ file }) =>
      `See with \`grep -n items ${file}\` which lines are left. Addresses in quotes and in backticks both have to change.`,
  },
})

export const http = [refused, noAnswer, status, proxyUrls, absoluteUrls]
