import { deployment, event, rollout } from './parts.mjs'

// Claims that nothing fulfils.

const claim = (spec = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } }, ...spec },
})
const using = deployment(
  { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  { rest: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } },
)
const theClaim = (code, as) => ({
  code,
  as,
  check: 'k8s.object',
  fields: { kind: 'PersistentVolumeClaim', name: 'data' },
  expect: { status: { phase: 'Bound' } },
})

export const storage = [
  {
    name: 'claim-class',
    objects: [claim({ storageClassName: 'gp2' }), using],
    until: `${event('ProvisioningFailed')} && ${event('FailedScheduling')}`,
    takes: [theClaim('pvc.pending.no-class', 'unknown-claim'), rollout('pvc.pending.no-class', 'unknown-rollout')],
  },
  {
    name: 'claim-none',
    objects: [claim({ storageClassName: '' }), using],
    until: `${event('FailedBinding')} && ${event('FailedScheduling')}`,
    takes: [theClaim('pvc.pending.no-class', 'none-claim'), rollout('pvc.pending.no-class', 'none-rollout')],
  },
  {
    name: 'claim-many',
    objects: [claim({ accessModes: ['ReadWriteMany'] }), using],
    until: event('ProvisioningFailed'),
    takes: [
      theClaim('pvc.pending.not-provisioned', 'many-claim'),
      rollout('pvc.pending.not-provisioned', 'many-rollout'),
    ],
  },
  {
    name: 'claim-waiting',
    objects: [claim()],
    until: event('WaitForFirstConsumer'),
    takes: [theClaim('pvc.pending.waiting-for-consumer', 'claim')],
  },
]
