import { parseSelector, select } from '../check/kinds/k8s-objects.ts'
import { isDeleting, type KubeObject } from '../lab/cluster.ts'
import { nearest } from '../lab/near.ts'
import { code, particle } from '../text/josa.ts'
import type { FailedCheck, Situation } from './cause.ts'
import { cause } from './cause.ts'
import { field, known, looked, said, seenAs } from './look.ts'
import { refusal } from './manifests.ts'
import { soughtIn } from './sought.ts'
import { why } from './workload.ts'

/** Objects of the API that are not where they are looked for, or cannot be made. */

const checks = ['k8s.object', 'k8s.rollout', 'k8s.pods', 'k8s.logs', 'k8s.service'] as const
const kindOfCheck: Readonly<Record<string, string>> = {
  'k8s.rollout': 'Deployment',
  'k8s.pods': 'Pod',
  'k8s.logs': 'Pod',
  'k8s.service': 'Service',
}

function objectsOf(check: FailedCheck): readonly KubeObject[] | null {
  return seenAs<{ objects: readonly KubeObject[] | null }>(check).objects
}

function kindOf(check: FailedCheck): string {
  return field(check, 'kind') || (kindOfCheck[check.kind] ?? '')
}

type Missing = { kind: string; name: string; namespace: string; near?: string; elsewhere?: string; selector?: number }

function missing(situation: Situation): Missing | null {
  const { cluster } = situation.facts
  const namespace = cluster?.namespace ?? 'default'
  const elsewhere = cluster?.elsewhere?.join(', ')
  const check = looked(situation, ...checks)
  const sought = soughtIn(situation)
  if (sought) {
    if (check && objectsOf(check) === null) return null
    const names = (check ? objectsOf(check) : namesFor(sought.kind, situation))?.map(each => each.metadata.name)
    const near = elsewhere ? undefined : nearest(sought.name, names ?? [])
    return known({ kind: sought.kind, name: sought.name, namespace, near, elsewhere }) as Missing
  }
  return (check ? nothingSelected(check, namespace) : null) ?? noService(situation, namespace)
}

function namesFor(kind: string, { facts }: Situation): readonly { readonly metadata: { readonly name: string } }[] {
  if (kind === 'Pod') return facts.cluster?.pods ?? []
  return (kind === 'Service' ? facts.cluster?.services : undefined) ?? []
}

function nothingSelected(check: FailedCheck, namespace: string): Missing | null {
  const objects = objectsOf(check)
  const selector = field(check, 'selector')
  if (objects === null || selector === '' || select(check.fields, objects).length > 0) return null
  const there = objects.flatMap(({ metadata: { labels = {} } }) => Object.entries(labels).map(each => each.join('=')))
  const wanted = parseSelector(selector).map(each => each.join('='))
  const near = wanted.map(each => (there.includes(each) ? undefined : nearest(each, there))).find(Boolean)
  return known({ kind: kindOf(check), name: selector, namespace, near, selector: 1 }) as Missing
}

/** The API server asked on behalf of a check that goes through a Service. */
function noService(situation: Situation, namespace: string): Missing | null {
  const check = looked(situation, 'k8s.http')
  const services = situation.facts.cluster?.services
  const name = check ? field(check, 'service') : ''
  if (!check || name === '' || !services || services.some(each => each.metadata.name === name)) return null
  if (seenAs<{ status: number }>(check).status !== 404) return null
  const near = nearest(
    name,
    services.map(each => each.metadata.name),
  )
  return known({ kind: 'Service', name, namespace, near }) as Missing
}

export const notFound = cause<Missing>({
  code: 'k8s.not-found',
  final: false,
  find: missing,
  message: {
    ko: ({ kind, name, namespace, selector }) =>
      selector
        ? `\`${namespace}\` 네임스페이스에 라벨이 \`${name}\`인 ${particle(kind, '이/가')} 하나도 없어요.`
        : `\`${namespace}\` 네임스페이스에 ${kind} ${code(name, '이/가')} 없어요.`,
    en: ({ kind, name, namespace, selector }) =>
      selector
        ? `No ${kind} in the namespace \`${namespace}\` has the label \`${name}\`.`
        : `There is no ${kind} \`${name}\` in the namespace \`${namespace}\`.`,
  },
  advice: {
    ko: ({ kind, near, elsewhere, selector }) =>
      elsewhere
        ? `같은 이름이 ${code(elsewhere, '이라/라')}는 네임스페이스에는 있어요. \`-n\` 옵션이나 매니페스트의 metadata.namespace를 확인하세요.`
        : `${near ? `혹시 ${code(near, '을/를')} 말한 건가요? ` : '아직 만들지 않았다면 이 단계의 명령을 먼저 실행하세요. '}\`kubectl get ${plural(kind)}${selector ? ' --show-labels' : ' -A'}\`로 무엇이 어디에 있는지 보세요.`,
    en: ({ kind, near, elsewhere, selector }) =>
      elsewhere
        ? `One of that name is in the namespace \`${elsewhere}\`. Look at the option \`-n\`, or at metadata.namespace in the manifest.`
        : `${near ? `Did you mean \`${near}\`? ` : 'If you have not made it yet, run the commands of this step first. '}\`kubectl get ${plural(kind)}${selector ? ' --show-labels' : ' -A'}\` shows what is where.`,
  },
})

function plural(kind: string): string {
  const name = kind.toLowerCase()
  return name.endsWith('s') ? `${name}es` : `${name}s`
}

const unknownKind = cause<{ kind: string }>({
  code: 'k8s.crd-missing',
  final: true,
  grace: 5000,
  find(situation) {
    const check = looked(situation, ...checks)
    return check && objectsOf(check) === null ? { kind: kindOf(check) } : null
  },
  message: {
    ko: ({ kind }) => `이 클러스터는 ${code(kind, '이라/라')}는 종류를 몰라요.`,
    en: ({ kind }) => `This cluster knows no kind \`${kind}\`.`,
  },
  advice: {
    ko: () => '`kubectl api-resources`로 아는 종류를 볼 수 있어요. 확장(CRD)이라면 그것을 먼저 설치해야 해요.',
    en: () =>
      '`kubectl api-resources` lists the kinds it knows. One of an extension (CRD) is there once that is installed.',
  },
})

type Ending = { what: string; finalizers?: string }

const terminating = cause<Ending>({
  code: 'k8s.terminating',
  final: false,
  find(situation) {
    const text = refusal(situation) || said(situation)
    const namespace = /in namespace (\S+) because it is being terminated/.exec(text)?.[1]
    if (namespace) return { what: `Namespace ${namespace}` }
    const deleted = /object is being deleted: (\S+) "([^"]+)" already exists/.exec(text)
    if (deleted) return { what: `${deleted[1]} ${deleted[2]}` }
    const check = looked(situation, ...checks)
    const objects = (check && objectsOf(check)) ?? []
    const going = objects.find(each => isDeleting(each) && each.metadata.name === check?.fields['name'])
    if (!check || !going || select(check.fields, objects).length > 0) return null
    return known({
      what: `${kindOf(check)} ${going.metadata.name}`,
      finalizers: going.metadata.finalizers?.join(', '),
    }) as Ending
  },
  message: {
    ko: ({ what }) => `${code(what, '은/는')} 지우는 중(Terminating)이라서 지금은 쓸 수 없어요.`,
    en: ({ what }) => `\`${what}\` is being deleted (Terminating) and cannot be used now.`,
  },
  advice: {
    ko: ({ finalizers }) =>
      finalizers
        ? `finalizer(\`${finalizers}\`)를 맡은 프로그램이 뒷정리를 마쳐야 사라져요. \`kubectl get ... -o yaml\`의 metadata.finalizers를 보고, 그 프로그램이 떠 있는지 확인하세요.`
        : '다 지워질 때까지 기다렸다가 다시 하세요. 오래 걸리면 `kubectl get namespace 이름 -o yaml`의 status.conditions에서 무엇을 기다리는지 보세요.',
    en: ({ finalizers }) =>
      finalizers
        ? `It goes when whoever put its finalizer there (\`${finalizers}\`) has cleaned up: see metadata.finalizers in \`kubectl get ... -o yaml\`, and whether that program runs.`
        : 'Wait until it is gone and try again. If that takes long, status.conditions in `kubectl get namespace NAME -o yaml` say what it waits for.',
  },
})

const noNamespace = cause<{ namespace: string }>({
  code: 'k8s.no-namespace',
  final: true,
  find(situation) {
    const namespace = /namespaces "([^"]+)" not found/.exec(refusal(situation) || said(situation))?.[1]
    return namespace === undefined ? null : { namespace }
  },
  message: {
    ko: ({ namespace }) => `${code(namespace, '이라/라')}는 네임스페이스가 없어요.`,
    en: ({ namespace }) => `There is no namespace \`${namespace}\`.`,
  },
  advice: {
    ko: () =>
      '`kubectl get namespaces`로 철자를 확인하세요. 네임스페이스는 그 안에 무엇을 만들기 전에 먼저 만들어야 해요.',
    en: () =>
      'Check its spelling in `kubectl get namespaces`. A namespace has to be made before anything can be made in it.',
  },
})

const alreadyExists = cause<{ what: string }>({
  code: 'k8s.already-exists',
  final: true,
  find(situation) {
    const text = said(situation)
    const found = /(?:\(AlreadyExists\): |error: ).*?\b([a-z]+)(?:\.[\w.]+)? "([^"]+)" already exists/.exec(text)
    if (!found || /being deleted/.test(text)) return null
    return { what: `${found[1]} ${found[2]}` }
  },
  message: {
    ko: ({ what }) => `${code(what, '은/는')} 이미 있어서 새로 만들 수 없어요.`,
    en: ({ what }) => `\`${what}\` is there already, so it cannot be created.`,
  },
  advice: {
    ko: () =>
      '`kubectl create`와 `kubectl run`은 없던 것만 만들어요. 있는 것을 고치려면 매니페스트로 `kubectl apply`를 쓰고, 새로 시작하려면 먼저 지우세요.',
    en: () =>
      '`kubectl create` and `kubectl run` only make what is not there. To change it, use `kubectl apply` with a manifest; to begin anew, delete it first.',
  },
})

const notAllowed = cause<{ what: string; message: string }>({
  code: 'k8s.not-allowed',
  final: true,
  find(situation) {
    const text = refusal(situation) || said(situation)
    const found = /\(Forbidden\):.*?\b(?<kind>[a-z]+)(?:\.[\w.]+)? "(?<name>[^"]*)" is forbidden: (?<message>.*)/.exec(
      text,
    )?.groups
    if (!found || /User "|being terminated/.test(found['message'] ?? '')) return null
    return { what: `${found['kind']} ${found['name']}`, message: found['message']!.slice(0, 200) }
  },
  message: {
    ko: ({ what, message }) => `API 서버가 ${why(message).ko} 때문에 ${code(what, '을/를')} 만들어 주지 않아요.`,
    en: ({ what, message }) => `The API server refuses to make \`${what}\` because of ${why(message).en}.`,
  },
  advice: {
    ko: ({ message }) =>
      `서버가 말한 이유는 ${code(message, '이에요/예요')}. \`kubectl describe namespace\`에서 한도와 규칙을 보세요.`,
    en: ({ message }) => `It says: \`${message}\`. See quotas and rules in \`kubectl describe namespace\`.`,
  },
})

export const objects = [unknownKind, terminating, noNamespace, alreadyExists, notAllowed]
