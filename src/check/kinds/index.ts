import type { Kind } from '../kind.ts'
import { dockerContainer } from './docker-container.ts'
import { dockerContainerLogs } from './docker-container-logs.ts'
import { dockerImage } from './docker-image.ts'
import { dockerImageFile } from './docker-image-file.ts'
import { dockerfile } from './dockerfile.ts'
import { file } from './file.ts'
import { http } from './http.ts'
import { k8sHttp } from './k8s-http.ts'
import { k8sLogs } from './k8s-logs.ts'
import { k8sObject } from './k8s-object.ts'
import { k8sPods } from './k8s-pods.ts'
import { k8sRollout } from './k8s-rollout.ts'
import { k8sService } from './k8s-service.ts'
import { kindCluster } from './kind-cluster.ts'
import { manifest } from './manifest.ts'
import { tcp } from './tcp.ts'

/** Every check kind by its name. A new kind is a file beside this one and a line here. */
export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  [
    file,
    dockerfile,
    tcp,
    http,
    dockerImage,
    dockerImageFile,
    dockerContainer,
    dockerContainerLogs,
    kindCluster,
    k8sObject,
    k8sRollout,
    k8sPods,
    k8sService,
    k8sHttp,
    k8sLogs,
    manifest,
  ].map(kind => [kind.name, kind]),
)
