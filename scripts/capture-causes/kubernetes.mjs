// What is played in a cluster. A scene makes a state; each of its takes is one sample: a check or a command in that state.
import { access } from './kubernetes/access.mjs'
import { healthy } from './kubernetes/healthy.mjs'
import { images } from './kubernetes/images.mjs'
import { kind } from './kubernetes/kind.mjs'
import { kubectl } from './kubernetes/kubectl.mjs'
import { manifests } from './kubernetes/manifests.mjs'
import { metrics } from './kubernetes/metrics.mjs'
import { objects } from './kubernetes/objects.mjs'
import { pods } from './kubernetes/pods.mjs'
import { probes } from './kubernetes/probes.mjs'
import { scheduling } from './kubernetes/scheduling.mjs'
import { services } from './kubernetes/services.mjs'
import { storage } from './kubernetes/storage.mjs'
import { workloads } from './kubernetes/workloads.mjs'

export { cluster, kindConfig, nodePort } from './kubernetes/parts.mjs'

export const scenes = [
  ...images,
  ...pods,
  ...probes,
  ...scheduling,
  ...workloads,
  ...metrics,
  ...services,
  ...storage,
  ...objects,
  ...healthy,
  ...manifests,
  ...kubectl,
  ...kind,
  // The last of these end the cluster.
  ...access,
]
