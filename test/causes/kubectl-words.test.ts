import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Situation } from '../../src/causes/cause.ts'
import { diagnose } from '../../src/causes/index.ts'
import { argumentsOf, kubectlCalls, optionOf } from '../../src/causes/kubectl-words.ts'

test.each<[line: string, calls: [verb: string, args: string[]][]]>([
  ['kubectl get pods', [['get', ['pods']]]],
  ['k get po', [['get', ['po']]]],
  ['kubecolor -n shop describe pod web', [['describe', ['pod', 'web']]]],
  ['/usr/local/bin/kubectl --context=kind-kind apply -f web.yaml', [['apply', ['web.yaml']]]],
  ['kubectl exec web -- sh -c "kubectl get pods"', [['exec', ['web']]]],
  ['until kubectl get pod web; do sleep 1; done', [['get', ['pod', 'web']]]],
  ['echo k', []],
  ['docker run k', []],
  ['kubectl', [['', []]]],
  [
    'kubectl logs "$(kubectl get pod -o name)" | grep kube',
    [
      ['get', ['pod', 'name']],
      ['logs', ['$(kubectl get pod -o name)']],
    ],
  ],
  ['POD=$(kubectl get pod)', [['get', ['pod']]]],
  [
    'kubectl delete pod web; k get pods',
    [
      ['delete', ['pod', 'web']],
      ['get', ['pods']],
    ],
  ],
])('%s', (line, calls) => {
  expect(kubectlCalls(line).map(call => [call.verb, argumentsOf(call)])).toEqual(calls)
})

test.each<[line: string, value: string | undefined]>([
  ['kubectl get pods -n shop', 'shop'],
  ['kubectl get pods -nshop', 'shop'],
  ['kubectl --namespace=shop get pods', 'shop'],
  ['kubectl get pods --namespace shop', 'shop'],
  ['kubectl get pods --no-headers', undefined],
  ['kubectl exec web -- head -n 5 /etc/hosts', undefined],
])('the namespace of %s', (line, value) => {
  expect(optionOf(kubectlCalls(line)[0]!, '-n', '--namespace')).toBe(value)
})

const folder = join(import.meta.dirname, 'samples')
const samples = readdirSync(folder)
  .filter(code => /^(kubectl|k8s|metrics)\./.test(code))
  .flatMap(code =>
    readdirSync(join(folder, code)).map(file => {
      const { situation } = JSON.parse(readFileSync(join(folder, code, file), 'utf8')) as { situation: Situation }
      return { name: `${code}/${file.replace('.json', '')}`, code, situation }
    }),
  )
  .filter(({ situation: { command } }) => command && /^kubectl /.test(command.line))

describe.each(['k', 'kubecolor'])('called as %s', alias => {
  test.each(samples)('$name', ({ code, situation }) => {
    const command = { ...situation.command!, line: situation.command!.line.replace(/^kubectl/, alias) }
    expect(diagnose({ ...situation, command })?.code).toBe(code)
  })
})
