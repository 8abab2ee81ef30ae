import { nearest } from '../lab/near.ts'
import { code } from '../text/josa.ts'
import { cause, type Situation } from './cause.ts'
import { argumentsOf, type KubectlCall, kubectlCalls, optionOf } from './kubectl-words.ts'
import { failing, known, said } from './look.ts'
import { flagIn, unknownCommand, unknownFlag } from './usage.ts'

/** How kubectl was called: what it says before it asks any cluster, or without a cluster being to blame. */

const verbs = (
  'annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config cordon cp ' +
  'create debug delete describe diff drain edit events exec explain expose get help kustomize label logs options patch ' +
  'plugin port-forward proxy replace rollout run scale set taint top uncordon version wait'
).split(' ')
const nouns: Readonly<Record<string, readonly string[]>> = {
  create: (
    'clusterrole clusterrolebinding configmap cronjob deployment ingress job namespace poddisruptionbudget ' +
    'priorityclass quota role rolebinding secret service serviceaccount token'
  ).split(' '),
  rollout: ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
  config: ['current-context', 'get-contexts', 'set-context', 'use-context', 'view', 'unset', 'set'],
  set: ['env', 'image', 'resources', 'selector', 'serviceaccount', 'subject'],
  top: ['node', 'pod'],
  auth: ['can-i', 'whoami'],
}
/** Of equally near ones that with the same first letter is meant, then the first. */
const types = (
  'pods deployments services nodes namespaces configmaps secrets events jobs replicasets statefulsets daemonsets ' +
  'cronjobs ingresses persistentvolumeclaims persistentvolumes serviceaccounts storageclasses endpoints endpointslices ' +
  'horizontalpodautoscalers networkpolicies roles rolebindings pod deployment service node namespace configmap secret ' +
  'event job replicaset statefulset ingress all po deploy svc no ns cm rs sts ds cj ing pvc pv sa sc ep hpa'
).split(' ')
const flags = (
  'all all-namespaces command container context dry-run env field-selector filename follow force from-file ' +
  'from-literal grace-period help image kubeconfig labels name namespace output overwrite port previous record ' +
  'recursive replicas restart rm selector show-labels since sort-by stdin tail target-port timeout tty type watch'
).split(' ')
const formats = ['json', 'yaml', 'name', 'wide', 'jsonpath', 'custom-columns', 'go-template', 'template']

/** The call, and what was said, where a line of kubectl failed. */
function saying(situation: Situation): { call: KubectlCall; text: string } | null {
  const command = failing(situation)
  const call = command && kubectlCalls(command.line).at(-1)
  return call ? { call, text: said(situation) } : null
}

function matchIn(situation: Situation, pattern: RegExp): { call: KubectlCall; match: RegExpExecArray } | null {
  const found = saying(situation)
  const match = found && pattern.exec(found.text)
  return match ? { call: found.call, match } : null
}

/** `kubectl create deploymnet …`, which is told as an option or an argument that does not fit. */
function misspeltNoun({ verb, ...call }: KubectlCall): { command: string; near: string } | null {
  const noun = argumentsOf({ verb, ...call })[0]
  const near = noun && nearest(noun, nouns[verb] ?? [])
  return near && !nouns[verb]!.includes(noun) ? { command: `${verb} ${noun}`, near: `${verb} ${near}` } : null
}

const wrongCommand = unknownCommand('kubectl', situation => {
  const found = saying(situation)
  if (!found) return null
  const { call, text } = found
  const unknown = /unknown command "([^" ]+)[^"]*"(?: for "kubectl ?([^"]*)")?/.exec(text)
  if (unknown && (unknown[2] === undefined || unknown[2] !== ''))
    return misspeltNoun(call) ?? { command: `${unknown[2] ?? call.verb} ${unknown[1]}` }
  if (unknown) return known({ command: unknown[1], near: nearest(unknown[1]!, verbs) }) as { command: string }
  if (/flags cannot be placed before plugin name/.test(text))
    return known({ command: call.verb, near: nearest(call.verb, verbs) }) as { command: string }
  return /unknown (?:shorthand )?flag|Unexpected args/.test(text) ? misspeltNoun(call) : null
})

const wrongFlag = unknownFlag('kubectl', situation => {
  const found = saying(situation)
  const flag = found && flagIn(found.text)
  if (!found || !flag || misspeltNoun(found.call)) return null
  const command = /See 'kubectl ([^']+) --help'/.exec(found.text)?.[1] ?? found.call.verb
  const near = flag.startsWith('--') ? nearest(flag.slice(2), flags) : undefined
  return known({ flag, command, near: near && `--${near}` }) as { flag: string; command: string }
})

/** A file stands where a type or nothing should. */
function bareFile({ words }: KubectlCall): string | undefined {
  if (words.some(word => /^(-f|-k|--filename|--kustomize)/.test(word))) return undefined
  return words.find(word => /\.(ya?ml|json)$/.test(word))
}

const wrongType = cause<{ type: string; near?: string; pod?: string; verb: string }>({
  code: 'kubectl.unknown-type',
  final: true,
  find(situation) {
    const found = matchIn(situation, /the server doesn't have a resource type "([^"]+)"/)
    if (!found || bareFile(found.call)) return null
    const type = found.match[1]!
    const pod = situation.facts.cluster?.pods?.find(each => each.metadata.name.startsWith(type))?.metadata.name
    const alike = types.toSorted((a, b) => Number(b[0] === type[0]) - Number(a[0] === type[0]))
    const near = pod ? undefined : nearest(type, alike)
    return known({ type, near, pod, verb: found.call.verb }) as { type: string; verb: string }
  },
  message: {
    ko: ({ type, pod }) =>
      pod
        ? `${code(type, '은/는')} 리소스 종류가 아니라 Pod의 이름 같아요.`
        : `이 클러스터에는 ${code(type, '이라/라')}는 리소스 종류가 없어요.`,
    en: ({ type, pod }) =>
      pod
        ? `\`${type}\` is not a type of resource; it looks like the name of a pod.`
        : `The cluster has no type of resource \`${type}\`.`,
  },
  advice: {
    ko: ({ near, pod, verb }) =>
      pod
        ? `kubectl에는 종류를 먼저, 이름을 그다음에 써요. \`kubectl ${verb} --help\`의 예를 보세요.`
        : near
          ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? \`kubectl api-resources\`에서 종류와 줄임말을 볼 수 있어요.`
          : '`kubectl api-resources`에서 종류와 줄임말을 볼 수 있어요. 이름을 썼다면 그 앞에 종류가 있어야 해요.',
    en: ({ near, pod, verb }) =>
      pod
        ? `kubectl takes the type first and the name after it: see the examples of \`kubectl ${verb} --help\`.`
        : near
          ? `Did you mean \`${near}\`? \`kubectl api-resources\` lists types and their short names.`
          : '`kubectl api-resources` lists types and their short names. Where it is a name, its type has to stand before it.',
  },
})

const noFileOption = cause<{ verb: string; file?: string }>({
  code: 'kubectl.no-file-option',
  final: true,
  find(situation) {
    const found = matchIn(
      situation,
      /Unexpected args: \[([^\]]*)\]|must specify one of -f and -k|the server doesn't have a resource type/,
    )
    if (!found || misspeltNoun(found.call)) return null
    const file = bareFile(found.call)
    if (!file && !/^(Unexpected|must)/.test(found.match[0])) return null
    return known({ verb: found.call.verb, file }) as { verb: string }
  },
  message: {
    ko: ({ verb, file }) =>
      file
        ? `\`kubectl ${verb}\`가 ${code(file, '을/를')} 파일로 읽지 않았어요.`
        : `\`kubectl ${verb}\`에 어떤 파일을 쓸지 주지 않았어요.`,
    en: ({ verb, file }) =>
      file
        ? `\`kubectl ${verb}\` did not take \`${file}\` for a file.`
        : `\`kubectl ${verb}\` was not told which file to use.`,
  },
  advice: {
    ko: ({ verb }) => `파일은 \`-f\` 옵션 뒤에 써요. \`kubectl ${verb} --help\`의 예를 보세요.`,
    en: ({ verb }) => `A file goes after the option \`-f\`: see the examples of \`kubectl ${verb} --help\`.`,
  },
})

const noManifests = cause<{ folder: string }>({
  code: 'kubectl.no-manifests',
  final: true,
  find(situation) {
    const found = matchIn(situation, /error reading \[([^\]]+)\]: recognized file extensions are/)
    return found ? { folder: found.match[1]! } : null
  },
  message: {
    ko: ({ folder }) => `\`${folder}\` 폴더에 매니페스트 파일이 없어요.`,
    en: ({ folder }) => `There is no manifest in the folder \`${folder}\`.`,
  },
  advice: {
    ko: ({ folder }) =>
      `${code(`ls -a ${folder}`, '으로/로')} 안을 보세요. kubectl은 이름이 \`.yaml\`, \`.yml\`, \`.json\`으로 끝나는 파일만 읽고, 더 깊은 폴더는 보지 않아요.`,
    en: ({ folder }) =>
      `Look into it with \`ls -a ${folder}\`. kubectl reads files whose names end with \`.yaml\`, \`.yml\` or \`.json\`, and no folders within it.`,
  },
})

const emptyFile = cause<{ file: string }>({
  code: 'kubectl.empty-file',
  final: true,
  find(situation) {
    const found = matchIn(situation, /no objects passed to \w+$/m)
    return found ? { file: optionOf(found.call, '-f', '--filename') ?? '-' } : null
  },
  message: {
    ko: ({ file }) =>
      file === '-' ? 'kubectl이 읽은 내용에 객체가 하나도 없어요.' : `\`${file}\` 파일에 객체가 하나도 없어요.`,
    en: ({ file }) => (file === '-' ? 'What kubectl read has no object in it.' : `\`${file}\` has no object in it.`),
  },
  advice: {
    ko: ({ file }) =>
      file === '-'
        ? '파이프 앞의 명령이 무엇을 내놓는지 따로 실행해서 보세요.'
        : `${code(`cat ${file}`, '으로/로')} 내용을 보세요. 비어 있다면 편집기에서 저장하지 않은 것이고, \`#\`으로 시작하는 줄은 세지 않아요.`,
    en: ({ file }) =>
      file === '-'
        ? 'Run the command before the pipe alone and see what it gives.'
        : `See what is in it with \`cat ${file}\`. Empty means that the editor has not saved it; lines that begin with \`#\` do not count.`,
  },
})

const wrongOutput = cause<{ format: string; near?: string }>({
  code: 'kubectl.bad-output',
  final: true,
  find(situation) {
    const found = matchIn(situation, /unable to match a printer suitable for the output format "([^"]+)"/)
    if (!found) return null
    const format = found.match[1]!
    return known({ format, near: nearest(format, formats) }) as { format: string }
  },
  message: {
    ko: ({ format }) => `kubectl에는 ${code(format, '이라/라')}는 출력 형식이 없어요.`,
    en: ({ format }) => `kubectl has no output format \`${format}\`.`,
  },
  advice: {
    ko: ({ near }) =>
      `${near ? `혹시 ${code(near, '을/를')} 쓰려던 건가요? ` : ''}\`-o\` 뒤에는 \`wide\`, \`yaml\`, \`json\`, \`name\` 같은 형식이 와요.`,
    en: ({ near }) =>
      `${near ? `Did you mean \`${near}\`? ` : ''}After \`-o\` comes a format such as \`wide\`, \`yaml\`, \`json\` or \`name\`.`,
  },
})

export const kubectl = [wrongCommand, wrongFlag, wrongType, noFileOption, noManifests, emptyFile, wrongOutput]
