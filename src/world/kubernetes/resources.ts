import { list, object, string } from '../docker/raw.ts'

/** Where objects of a kind are, in the words of the API. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  /** `pods` */
  readonly name: string
  readonly namespaced: boolean
}

/** Kinds of every cluster, so that nobody has to ask: `Kind=resource`, those without a namespace after `|`. */
const builtIn: Readonly<Record<string, string>> = {
  v1: 'Pod=pods Service=services ConfigMap=configmaps Secret=secrets ServiceAccount=serviceaccounts Event=events Endpoints=endpoints PersistentVolumeClaim=persistentvolumeclaims ReplicationController=replicationcontrollers ResourceQuota=resourcequotas LimitRange=limitranges PodTemplate=podtemplates|Node=nodes Namespace=namespaces PersistentVolume=persistentvolumes',
  'apps/v1':
    'Deployment=deployments ReplicaSet=replicasets StatefulSet=statefulsets DaemonSet=daemonsets ControllerRevision=controllerrevisions|',
  'batch/v1': 'Job=jobs CronJob=cronjobs|',
  'networking.k8s.io/v1': 'Ingress=ingresses NetworkPolicy=networkpolicies|IngressClass=ingressclasses',
  'discovery.k8s.io/v1': 'EndpointSlice=endpointslices|',
  'events.k8s.io/v1': 'Event=events|',
  'autoscaling/v2': 'HorizontalPodAutoscaler=horizontalpodautoscalers|',
  'policy/v1': 'PodDisruptionBudget=poddisruptionbudgets|',
  'coordination.k8s.io/v1': 'Lease=leases|',
  'rbac.authorization.k8s.io/v1':
    'Role=roles RoleBinding=rolebindings|ClusterRole=clusterroles ClusterRoleBinding=clusterrolebindings',
  'storage.k8s.io/v1':
    '|StorageClass=storageclasses CSIDriver=csidrivers CSINode=csinodes VolumeAttachment=volumeattachments',
  'scheduling.k8s.io/v1': '|PriorityClass=priorityclasses',
  'apiextensions.k8s.io/v1': '|CustomResourceDefinition=customresourcedefinitions',
  'apiregistration.k8s.io/v1': '|APIService=apiservices',
  'admissionregistration.k8s.io/v1':
    '|MutatingWebhookConfiguration=mutatingwebhookconfigurations ValidatingWebhookConfiguration=validatingwebhookconfigurations',
}

const known: readonly Resource[] = Object.entries(builtIn).flatMap(([apiVersion, text]) =>
  text.split('|').flatMap((kinds, part) =>
    kinds
      .split(' ')
      .filter(pair => pair !== '')
      .map(pair => {
        const [kind = '', name = ''] = pair.split('=')
        return { apiVersion, kind, name, namespaced: part === 0 }
      }),
  ),
)

/** A kind that needs no discovery. Without a version: where most people mean it (`Event` is the one of `v1`). */
export function builtInResource(kind: string, apiVersion?: string): Resource | undefined {
  return known.find(each => each.kind === kind && (apiVersion === undefined || each.apiVersion === apiVersion))
}

/** Where the API server lists what a group and version has. */
export function groupPath(apiVersion: string): string {
  const parts = apiVersion.split('/').map(encodeURIComponent).join('/')
  return apiVersion.includes('/') ? `/apis/${parts}` : `/api/${parts}`
}

/** Of all namespaces, without one. */
export function listPath({ apiVersion, name, namespaced }: Resource, namespace?: string): string {
  const within = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${groupPath(apiVersion)}${within}/${name}`
}

export function watchPath(listed: string, version: string): string {
  return `${listed}?watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=${encodeURIComponent(version)}`
}

/** From an `APIResourceList`; subresources such as `pods/log` are none. */
export function resourcesIn(apiVersion: string, answer: unknown): Resource[] {
  return list(object(answer)['resources'])
    .map(object)
    .filter(each => string(each['name']) && !string(each['name']).includes('/') && list(each['verbs']).includes('list'))
    .map(each => ({
      apiVersion,
      kind: string(each['kind']),
      name: string(each['name']),
      namespaced: each['namespaced'] === true,
    }))
}

/** The versions that the server prefers, from an `APIGroupList`. */
export function preferredVersions(answer: unknown): string[] {
  return list(object(answer)['groups'])
    .map(group => string(object(object(group)['preferredVersion'])['groupVersion']))
    .filter(version => version !== '')
}
