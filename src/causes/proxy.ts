import { cause, type Situation } from './cause.ts'
import { looked, seenAs } from './look.ts'
import { requestOf } from './requests.ts'

/** What the proxy of an editor in the browser (code-server) says instead of the app. */
export type ProxyTrouble = {
  readonly kind: 'nothing-behind' | 'not-logged-in'
  readonly address: string
  readonly port: number
}

export function proxyTrouble(situation: Situation): ProxyTrouble | null {
  const request = requestOf(situation)
  const port = Number(/\/(?:abs)?proxy\/(\d+)(?:\/|$)/.exec(request?.address ?? '')?.[1])
  if (!request?.status || !port) return null
  const { address, status } = request
  if (status === 401) return { kind: 'not-logged-in', address, port }
  const check = looked(situation, 'http')
  const text = check ? seenAs<{ text: string }>(check).text : ''
  const nobody = situation.facts.listeners && !situation.facts.listeners.some(each => each.port === port)
  return status === 500 && (/connect ECONNREFUSED/.test(text) || nobody)
    ? { kind: 'nothing-behind', address, port }
    : null
}

function ofKind(situation: Situation, kind: ProxyTrouble['kind']): { address: string; port: number } | null {
  const found = proxyTrouble(situation)
  return found?.kind === kind ? { address: found.address, port: found.port } : null
}

const nothingBehind = cause<{ address: string; port: number }>({
  code: 'proxy.nothing-behind',
  final: false,
  find: situation => ofKind(situation, 'nothing-behind'),
  message: {
    ko: ({ port }) => `편집기의 프록시는 대답하지만, 그 뒤의 ${port}번 포트에서 요청을 받는 프로그램이 없어요.`,
    en: ({ port }) => `The editor's proxy answers, but no program listens on port ${port} behind it.`,
  },
  advice: {
    ko: ({ port }) =>
      `앱이 떠 있는지 \`ss -ltn 'sport = :${port}'\`와 \`docker ps -a\`로 보고, 다른 포트로 열었다면 주소의 포트를 거기에 맞추세요.`,
    en: ({ port }) =>
      `See with \`ss -ltn 'sport = :${port}'\` and \`docker ps -a\` whether the app is up; if it has another port, use that one in the address.`,
  },
})

const notLoggedIn = cause<{ address: string; port: number }>({
  code: 'proxy.not-logged-in',
  final: true,
  find: situation => ofKind(situation, 'not-logged-in'),
  message: {
    ko: () => '앱이 아니라 편집기(code-server)가 로그인이 필요하다며 요청을 거절했어요.',
    en: () => 'Not the app but the editor (code-server) refused the request: it wants a login.',
  },
  advice: {
    ko: ({ port }) =>
      `브라우저에서는 편집기 탭을 새로 고쳐 다시 로그인하세요. 터미널에서는 프록시를 거치지 말고 \`http://127.0.0.1:${port}/\`로 바로 물어보면 돼요.`,
    en: ({ port }) =>
      `In the browser, reload the tab of the editor and log in again. In a terminal ask the app itself, without the proxy: \`http://127.0.0.1:${port}/\`.`,
  },
})

export const proxy = [nothingBehind, notLoggedIn]
