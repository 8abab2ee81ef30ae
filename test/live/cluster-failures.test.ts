import { dirname } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { diagnose } from '../../src/causes/index.ts'
import { live } from '../helpers/live.ts'
import { fine, playScene, type Scene, type Shown } from './cluster-scene.ts'
import { cluster, kubeconfig, sharedCluster } from './shared-cluster.ts'

/** What goes wrong in a cluster, made for real, gets its right cause; and what only takes its time is no failure. */

// The scenes name the cluster that they are played in.
process.env['CLUSTER'] = cluster
const path: string = '../../scripts/capture-causes/kubernetes.mjs'
const { scenes } = (await import(path)) as { scenes: readonly Scene[] }

/** Of those that are alike one in three, unless LAB_LIVE_LONG=1 asks for all (5 minutes). */
const long = process.env['LAB_LIVE_LONG'] === '1'

/** One for each cause, of those that come about within seconds. */
const failures = `
  lastest newest-only not-loaded pull-refused registry-auth registry-limited never-pull invalid-name invalid-blank
  config-configmap config-secret config-key config-root mount-configmap mount-key
  no-program crash-exit-1 crash-exit-127 oom init-failing init-waiting hook ended running
  ready-404 ready-refused kill-404
  stuck-cpu stuck-memory stuck-gpu stuck-selector stuck-ports stuck-pvc stuck-scheduler stuck-node stuck-taint
  limit-quota limit-range limit-security no-account paused to-zero undo job-failed daemons cron-suspended
  hpa-target claim-class claim-none claim-many ingress balancer
  other-labels other-key no-selector not-ready-yet behind-probe port-name port-number only-inside no-such-port not-mapped
  wrong-name wrong-namespace nothing-there held-back account
  yaml-tab-block yaml-indentation-key yaml-open-quote-quote yaml-no-name-lecture yaml-unknown-field-typo yaml-no-kind-kind
  yaml-no-such-kind-version yaml-selector-mismatch-labels yaml-no-selector-selector yaml-immutable-selector yaml-exists
  yaml-required-image yaml-bad-name-capital yaml-wrong-type-number yaml-bad-base64-secret yaml-node-port-range-range
  yaml-node-port-taken-taken yaml-restart-policy-always yaml-bad-schedule-minute yaml-no-namespace
  yaml-other-namespace-flag yaml-bad-quantity-mb yaml-limit-below-request-cpu yaml-invalid-mount-name yaml-nowhere
  kubectl-words kubectl-types kubectl-forward kubectl-wait
  kind-names kind-load-tag kind-usage kind-config-field kind-config-missing kind-port-container kind-port-process
  kind-docker-down
  access-no-config access-other-kubeconfig access-context-typo access-no-current access-wrong-context
  access-other-answers access-broken-config access-elsewhere access-token access-forbidden access-plugin
  access-authority access-named-dns access-named-page
  access-stopped access-api-down access-deleted
`
const healthy = `
  starting rolling-out updating job-running job-done one-goes more-wanted claim-waiting kubectl-waiting yaml-warning
  yaml-good
`

live('docker', 'kind')('in a real cluster', () => {
  beforeAll(sharedCluster, 600_000)

  const chosen = (names: string) => names.trim().split(/\s+/).map(sceneOf)
  const all = [...chosen(failures).filter((scene, index) => long || scene.alone || index % 3 === 0), ...chosen(healthy)]
  for (const scene of all.filter(each => !each.alone)) test.concurrent(title(scene), () => played(scene))
  // These do something to the node, or to what all scenes share.
  for (const scene of all.filter(each => each.alone))
    test(title(scene), async () => {
      // One of them deletes it.
      await sharedCluster()
      await played(scene)
    })
})

function sceneOf(name: string): Scene {
  const scene = scenes.find(each => each.name === name)
  if (!scene) throw new Error(`no scene ${name}`)
  // No port of this machine leads to the shared cluster; a pod that is starting may be Ready when the wait for it is over.
  const unfit = ({ as }: { as: string }) => as.endsWith('node-port') || (name === 'starting' && as === 'wait')
  return { ...scene, takes: scene.takes.filter(take => !unfit(take)) }
}

function title({ name, takes }: Scene): string {
  return `${name}: ${[...new Set(takes.map(each => each.code))].join(', ')}`
}

async function played(scene: Scene): Promise<void> {
  await playScene(scene, { cluster, folder: dirname(kubeconfig) }, rightlyNamed)
}

async function rightlyNamed({ take: { code, as }, situation }: Shown): Promise<void> {
  const found = diagnose(situation)
  // Where another cluster is on this machine, that is what is named.
  const others = (situation.facts.containers ?? []).some(each => 'io.x-k8s.kind.cluster' in each.labels)
  const right = code === 'kind.not-created' && others ? 'kind.other-name' : code
  expect(found?.code ?? 'none', `${as}: ${JSON.stringify(found)}`).toBe(right)
  if (fine.has(code)) expect(found?.final ?? false, `${as} is final`).toBe(false)
}
