import type { Cause } from './cause.ts'
import { cluster } from './cluster.ts'
import { crash, probeFailed } from './crash.ts'
import { exclusive } from './exclusive.ts'
import { job, jobRunning } from './job.ts'
import { manifest } from './manifest.ts'
import { manifestTypes } from './manifest-types.ts'
import { manifestValues } from './manifest-values.ts'
import { notFound, objects } from './objects.ts'
import { initWaiting, pod, starting } from './pod.ts'
import { podLine } from './pod-line.ts'
import { pulls } from './pull.ts'
import { schedule } from './schedule.ts'
import { noLabels, podsNotReady, service, serviceSpec } from './service.ts'
import { storage, waitingForConsumer } from './storage.ts'
import { inProgress, progressDeadline, workload } from './workload.ts'

/**
 * The way to a cluster, and what is in it: manifests, and the state of objects. What explains most comes first: that it is
 * another cluster before anything that it said, what was written before what became of it, a pod's own trouble before that of the Service in front of it, and what only takes time last.
 */
export const kubernetes: readonly Cause[] = exclusive([
  ...cluster,
  ...manifest,
  ...manifestTypes,
  ...manifestValues,
  ...objects,
  ...podLine,
  noLabels,
  ...workload,
  ...job,
  ...serviceSpec,
  ...pulls,
  ...pod,
  ...crash,
  ...storage,
  ...schedule,
  probeFailed,
  ...service,
  progressDeadline,
  notFound,
  waitingForConsumer,
  initWaiting,
  inProgress,
  jobRunning,
  podsNotReady,
  starting,
])
