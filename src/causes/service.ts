import type { KubeObject, Pod } from '../lab/cluster.ts'
import { isReady } from '../lab/cluster.ts'
import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import type { Situation } from './cause.ts'
import { cause } from './cause.ts'
import { differsAt, known, looked, said, seenAs } from './look.ts'
import { type Behind, portsOf, type ServicePort, serviceBehind, strayRequest } from './services.ts'

/** Services and Ingresses that lead nowhere. */

/** The Service that a failure goes through, where what is missed is who stands behind it. */
function behind(situation: Situation): Behind | null {
  const found = serviceBehind(situation)
  if (!found || found.asked) return found
  const check = looked(situation, 'k8s.service')
  return check && differsAt(check, /^(endpoints|selects)/) ? found : null
}

const nameOf = ({ metadata }: KubeObject) => metadata.name
const written = (labels: Readonly<Record<string, string>> | undefined) =>
  Object.entries(labels ?? {})
    .filter(([key]) => key !== 'pod-template-hash')
    .map(entry => entry.join('='))

const noSelector = cause<{ service: string }>({
  code: 'svc.no-endpoints',
  final: true,
  grace: 3000,
  find(situation) {
    const found = behind(situation)
    const none = Object.keys((found?.service.spec?.['selector'] ?? {}) as object).length === 0
    return found && none ? { service: nameOf(found.service) } : null
  },
  message: {
    ko: ({ service }) => `Service \`${service}\`에 selector가 없어서 요청을 보낼 Pod가 하나도 없어요.`,
    en: ({ service }) => `The Service \`${service}\` has no selector, so it has no pods to send requests to.`,
  },
  advice: {
    ko: ({ service }) =>
      `\`kubectl describe service ${service}\`의 Selector와 Endpoints를 보고, 매니페스트의 spec.selector를 확인하세요.`,
    en: ({ service }) =>
      `See Selector and Endpoints in \`kubectl describe service ${service}\`, and spec.selector in the manifest.`,
  },
})

type NoMatch = { service: string; selector: string; near?: string; labels?: string }

const noMatch = cause<NoMatch>({
  code: 'svc.no-selector-match',
  final: true,
  grace: 3000,
  find(situation) {
    const found = behind(situation)
    if (!found || found.pods.length > 0) return null
    const selector = written(found.service.spec?.['selector'] as Record<string, string> | undefined)
    const there = [...new Set((situation.facts.cluster?.pods ?? []).flatMap(pod => written(pod.metadata.labels)))]
    const near = selector.map(each => (there.includes(each) ? undefined : nearest(each, there))).find(Boolean)
    return known({
      service: nameOf(found.service),
      selector: selector.join(','),
      near,
      labels: near ? undefined : there.slice(0, 4).join(', '),
    }) as NoMatch
  },
  message: {
    ko: ({ service, selector }) =>
      `Service \`${service}\`의 selector(\`${selector}\`)와 라벨이 맞는 Pod가 하나도 없어요.`,
    en: ({ service, selector }) =>
      `No pod has the labels that the selector of the Service \`${service}\` asks for (\`${selector}\`).`,
  },
  advice: {
    ko: ({ near, labels }) =>
      `${near ? `라벨이 비슷한 Pod는 있어요: \`${near}\`. ` : labels ? `지금 있는 Pod의 라벨은 ${code(labels, '이에요/예요')}. ` : '이 네임스페이스에는 Pod가 없어요. '}\`kubectl get pods --show-labels\`와 Service의 selector를 한 글자씩 견주어 보세요.`,
    en: ({ near, labels }) =>
      `${near ? `There is a pod with nearly that label: \`${near}\`. ` : labels ? `The pods that are there have \`${labels}\`. ` : 'There are no pods in this namespace. '}Compare \`kubectl get pods --show-labels\` with the selector, letter by letter.`,
  },
})

const noPort = cause<{ service: string; port: number; ports: string }>({
  code: 'svc.no-such-port',
  final: true,
  find(situation) {
    const found = behind(situation)
    const ports = found ? portsOf(found.service).map(each => each.port) : []
    if (found?.port === undefined || ports.includes(found.port)) return null
    return { service: nameOf(found.service), port: found.port, ports: ports.join(', ') }
  },
  message: {
    ko: ({ service, port }) => `Service \`${service}\`에는 ${port}번 포트가 없어요.`,
    en: ({ service, port }) => `The Service \`${service}\` has no port ${port}.`,
  },
  advice: {
    ko: ({ service, ports }) =>
      `이 Service의 포트는 \`${ports}\`번이에요. \`kubectl get service ${service}\`의 PORT(S)에서도 볼 수 있어요.`,
    en: ({ service, ports }) => `Its ports: \`${ports}\`. \`kubectl get service ${service}\` shows them in PORT(S).`,
  },
})

/** The ports of the Service that lead to no port of its pods; numbers count only where pods say which ports they have. */
function mismatch({ service, pods, port }: Behind, asked: boolean): ServicePort | undefined {
  const declared = pods[0]?.spec.containers.flatMap(each => each.ports ?? []) ?? []
  return portsOf(service).find(({ port: own, targetPort = own }) => {
    if (port !== undefined && own !== port) return false
    if (typeof targetPort === 'string') return !declared.some(each => each.name === targetPort)
    return asked && declared.length > 0 && !declared.some(each => each.containerPort === targetPort)
  })
}

type Mismatch = { service: string; target: string; ports: string }

const portMismatch = cause<Mismatch>({
  code: 'svc.port-mismatch',
  final: true,
  grace: 3000,
  find(situation) {
    const found = behind(situation)
    const wrong = found && found.pods.length > 0 ? mismatch(found, found.asked) : undefined
    if (!found || !wrong) return null
    const ports = found.pods[0]?.spec.containers.flatMap(each => each.ports ?? []) ?? []
    const shown = ports.map(each => (each.name ? `${each.name}: ${each.containerPort}` : String(each.containerPort)))
    return { service: nameOf(found.service), target: String(wrong.targetPort ?? wrong.port), ports: shown.join(', ') }
  },
  message: {
    ko: ({ service, target }) =>
      `Service \`${service}\`의 targetPort ${code(target, '이/가')} Pod의 컨테이너가 여는 포트와 맞지 않아요.`,
    en: ({ service, target }) =>
      `The targetPort \`${target}\` of the Service \`${service}\` is no port of its pods' containers.`,
  },
  advice: {
    ko: ({ ports }) =>
      `${ports ? `컨테이너에 적힌 포트는 ${code(ports, '이에요/예요')}. ` : '컨테이너에는 이름 붙은 포트가 없어요. '}Service의 targetPort와 Pod의 containerPort를 견주어 보세요. 이름으로 쓸 때는 이름도 같아야 해요.`,
    en: ({ ports }) =>
      `${ports ? `The containers declare \`${ports}\`. ` : 'The containers declare no named port. '}Compare targetPort of the Service with containerPort of the pods; a name has to be the same in both.`,
  },
})

export const serviceSpec = [noSelector, noMatch, noPort]

const noEdgePort = cause<{ port: number }>({
  code: 'svc.no-node-port',
  final: false,
  find(situation) {
    const stray = strayRequest(situation)
    return stray?.why === 'unused' ? { port: stray.port } : null
  },
  message: {
    ko: ({ port }) => `클러스터는 ${port}번 포트를 밖으로 열어 두었지만, NodePort가 ${port}인 Service가 없어요.`,
    en: ({ port }) => `The cluster opens port ${port}, but no Service has ${port} as its NodePort.`,
  },
  advice: {
    ko: () =>
      '`kubectl get services`의 PORT(S)를 보세요. `80:31234/TCP`에서 뒤의 숫자가 NodePort예요. 정하지 않으면 30000-32767에서 아무거나 받아요.',
    en: () =>
      'See PORT(S) in `kubectl get services`: in `80:31234/TCP` the second number is the NodePort. One that is not chosen is any of 30000-32767.',
  },
})

const notMapped = cause<{ port: number; service: string }>({
  code: 'svc.node-port-not-mapped',
  final: true,
  find(situation) {
    const stray = strayRequest(situation)
    return stray?.why === 'unmapped' ? { port: stray.port, service: stray.service ?? '' } : null
  },
  message: {
    ko: ({ port, service }) =>
      `Service \`${service}\`의 NodePort ${port}번은 kind 노드 안에만 열려 있고, 이 컴퓨터의 포트와 이어져 있지 않아요.`,
    en: ({ port, service }) =>
      `The NodePort ${port} of the Service \`${service}\` is open only inside the node of kind; no port of this machine leads to it.`,
  },
  advice: {
    ko: () =>
      'kind에서는 클러스터를 만들 때 extraPortMappings에 적은 포트만 밖에서 열려요. `docker ps`의 PORTS에서 어느 포트가 이어져 있는지 보고 그 번호를 NodePort로 쓰거나, `kubectl port-forward`를 쓰세요.',
    en: () =>
      'With kind only the ports in extraPortMappings, given when the cluster is made, can be reached from outside. See in PORTS of `docker ps` which they are and use one as NodePort, or use `kubectl port-forward`.',
  },
})

type NoAddress = { name: string }

function withoutAddress(
  situation: Situation,
  kind: 'k8s.service' | 'k8s.object',
  fits: (object: KubeObject) => boolean,
) {
  const check = looked(situation, kind)
  if (!check || !differsAt(check, /^status\.loadBalancer/)) return null
  const objects = seenAs<{ objects: readonly KubeObject[] | null }>(check).objects ?? []
  const found = objects.find(each => each.metadata.name === check.fields['name'] && fits(each))
  return found ? { name: nameOf(found) } : null
}

const noBalancer = cause<NoAddress>({
  code: 'svc.no-load-balancer',
  final: true,
  grace: 5000,
  find: situation =>
    withoutAddress(situation, 'k8s.service', each => each.spec?.['type'] === 'LoadBalancer') ??
    withoutAddress(situation, 'k8s.object', each => each.kind === 'Service' && each.spec?.['type'] === 'LoadBalancer'),
  message: {
    ko: ({ name }) =>
      `Service ${code(name, '은/는')} LoadBalancer 타입인데, 주소를 줄 프로그램이 이 클러스터에 없어서 EXTERNAL-IP가 \`<pending>\`이에요.`,
    en: ({ name }) =>
      `The Service \`${name}\` is of the type LoadBalancer, but nothing in this cluster gives it an address: EXTERNAL-IP stays \`<pending>\`.`,
  },
  advice: {
    ko: () =>
      'kind에는 로드밸런서가 들어 있지 않아요. cloud-provider-kind를 실행하거나, NodePort나 `kubectl port-forward`를 쓰세요.',
    en: () =>
      'kind has no load balancer of its own. Run cloud-provider-kind, or use a NodePort or `kubectl port-forward`.',
  },
})

const noController = cause<NoAddress>({
  code: 'ingress.no-controller',
  final: true,
  grace: 5000,
  find: situation => withoutAddress(situation, 'k8s.object', each => each.kind === 'Ingress'),
  message: {
    ko: ({ name }) => `Ingress ${code(name, '을/를')} 맡은 컨트롤러가 없어서 ADDRESS가 비어 있어요.`,
    en: ({ name }) => `No controller has taken the Ingress \`${name}\` up, so its ADDRESS is empty.`,
  },
  advice: {
    ko: () =>
      '`kubectl get ingressclass`로 컨트롤러가 있는지, Ingress의 ingressClassName이 그 이름과 같은지 보세요. kind에는 Ingress 컨트롤러가 들어 있지 않아요.',
    en: () =>
      'See with `kubectl get ingressclass` whether there is a controller, and whether ingressClassName has its name. kind comes without one.',
  },
})

const refused = cause<{ service: string; target: string }>({
  code: 'svc.refused',
  final: false,
  find(situation) {
    const found = behind(situation)
    if (!found?.asked || !found.pods.some(isReady)) return null
    const port = portsOf(found.service).find(each => found.port === undefined || each.port === found.port)
    return { service: nameOf(found.service), target: String(port?.targetPort ?? port?.port ?? '') }
  },
  message: {
    ko: ({ service, target }) =>
      `Service \`${service}\`의 Pod는 준비됐지만, Pod의 ${target}번 포트에서 아무도 요청을 받지 않아요.`,
    en: ({ service, target }) =>
      `The pods of the Service \`${service}\` are ready, but nobody answers on their port ${target}.`,
  },
  advice: {
    ko: () =>
      '앱이 다른 포트에서 듣거나, 컨테이너 안에서만 되는 127.0.0.1에서 듣고 있을 수 있어요. `kubectl logs`에서 앱이 어느 주소와 포트로 떴는지 보세요. 모든 주소는 0.0.0.0이에요.',
    en: () =>
      'The app may listen on another port, or only on 127.0.0.1, which is the container itself. See in `kubectl logs` on which address and port it came up; all addresses are 0.0.0.0.',
  },
})

export const service = [portMismatch, noBalancer, noController, notMapped, noEdgePort, refused]

/** Not a failure by itself: its pods are still starting. */
export const podsNotReady = cause<{ service: string; pods: number }>({
  code: 'svc.pods-not-ready',
  final: false,
  find(situation) {
    const found = behind(situation)
    if (!found || found.pods.length === 0 || found.pods.some((pod: Pod) => isReady(pod))) return null
    return { service: nameOf(found.service), pods: found.pods.length }
  },
  message: {
    ko: ({ service, pods }) => `Service \`${service}\`의 Pod(모두 ${pods}개)가 아직 하나도 준비되지 않았어요.`,
    en: ({ service, pods }) => `None of the pods of the Service \`${service}\` is ready yet (${pods} in all).`,
  },
  advice: {
    ko: ({ service }) =>
      `조금 기다려 보세요. Ready가 된 Pod만 요청을 받아요. \`kubectl get pods\`의 READY 칸과 \`kubectl describe service ${service}\`의 Endpoints를 보세요.`,
    en: ({ service }) =>
      `Give it a moment: only pods that are Ready get requests. See READY in \`kubectl get pods\`, and Endpoints in \`kubectl describe service ${service}\`.`,
  },
})

export const noLabels = cause<{ kind: string }>({
  code: 'svc.no-labels',
  final: true,
  find: situation =>
    /couldn't retrieve selectors.*has no labels and cannot be exposed/.test(said(situation)) ? { kind: 'pod' } : null,
  message: {
    ko: () => 'Pod에 라벨이 없어서 Service가 이 Pod를 고를 방법이 없어요.',
    en: () => 'The pod has no labels, so a Service has no way to select it.',
  },
  advice: {
    ko: () =>
      '`kubectl get pods --show-labels`로 확인하고, `kubectl label`이나 매니페스트로 라벨을 붙인 다음 다시 하세요.',
    en: () =>
      'See `kubectl get pods --show-labels`; give it a label with `kubectl label` or in its manifest, and try again.',
  },
})
