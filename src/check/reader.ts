import type { ApiAnswer, KubeConfigView, KubeObject } from '../lab/cluster.ts'
import type {
  ConnectionView,
  ContainerView,
  EngineView,
  FileView,
  HttpView,
  ImageSummary,
  ImageView,
  Listener,
  LogLine,
  RunView,
  ToolView,
} from '../lab/machine.ts'

/**
 * The reading half of `World`: everything a check may look through. Nothing here changes the machine. Every method throws
 * `CouldNotLook` when it could not look, and returns `null` (or an answer that says so) for what is simply not there.
 */
export interface Reader {
  /** `null`: no such file. `path` is absolute. */
  file(path: string): Promise<FileView | null>
  /** Names in a folder, folders with a trailing slash; `null`: no such folder. */
  list(path: string): Promise<readonly string[] | null>
  /** Runs a program that only looks, without a shell, a terminal, or the learner's localisation. */
  run(argv: readonly string[], options: RunOptions): Promise<RunView>
  connect(host: string, port: number, timeoutMs: number): Promise<ConnectionView>
  /** One request over a connection of its own. */
  http(request: HttpRequest): Promise<HttpView>
  /** `null`: not installed. Asked once per process. */
  tool(name: string): Promise<ToolView | null>
  /** Who listens on which TCP port of this machine; `null` where the system does not tell. */
  listeners(): Promise<readonly Listener[] | null>
  /** Bytes a user without privileges may still write where `path` is, or would be; `null` where the system does not tell. */
  free(path: string): Promise<number | null>
  readonly docker: DockerReader
  readonly cluster: ClusterReader
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface HttpRequest {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
}

export interface DockerReader {
  /** Throws `CouldNotLook` with an `engine.*` code when no engine answers. */
  engine(): Promise<EngineView>
  /** All, running or not. */
  containers(): Promise<readonly ContainerView[]>
  images(): Promise<readonly ImageSummary[]>
  /** `null`: no such image here. */
  image(ref: string): Promise<ImageView | null>
  /** The last lines of a container, oldest first; `null`: no such container. */
  logs(id: string, options: { tail: number }): Promise<readonly LogLine[] | null>
  /** Calls `changed` after each event of the engine, until `signal` aborts. Reconnects by itself; never throws. */
  watch(changed: () => void, signal: AbortSignal): void
}

/** Of which objects: by kind as a manifest names it. Without a namespace: those of the cluster, or of all namespaces. */
export interface ObjectQuery {
  readonly context: string
  /** Default: the version in which the server prefers this kind. */
  readonly apiVersion?: string
  readonly kind: string
  readonly namespace?: string
}

/**
 * Kubernetes, by GET only. The context is always named: which one kubectl would use by itself changes nothing. Throws
 * `CouldNotLook` with a `k8s.*` code: `no-context`, `bad-kubeconfig`, `plugin-failed`, `unreachable`, `certificate`,
 * `unauthorized`, `forbidden` (verb, resource, namespace), `error` (status, message).
 */
export interface ClusterReader {
  /** Read anew when a file has changed. */
  config(): Promise<KubeConfigView>
  /** As they are now (a quorum read); `null`: the server knows no such kind. */
  list(query: ObjectQuery): Promise<readonly KubeObject[] | null>
  /** Any path, such as `/readyz` or that of a log or a proxied Service; a status is an answer. */
  get(context: string, path: string, options?: { readonly timeoutMs?: number }): Promise<ApiAnswer>
  /** The same, for one wait. */
  live(): LiveCluster
}

/** A reader whose lists cost one request each, however often they are asked for, once `watch` was called. */
export interface LiveCluster extends ClusterReader {
  /**
   * From now on, until `signal` aborts, what was listed is kept up by one watch a list (as is what is listed later), and
   * `changed` is called after each change and whenever a watch begins or ceases to answer. While it does not, `list` asks
   * the server itself, and so throws when nobody answers. Never throws.
   */
  watch(changed: () => void, signal: AbortSignal): void
}

/** Looks that must create something to see, and take it away again before they answer. Throws `CouldNotLook` as readers do. */
export interface Probe {
  /** A file within an image, read without starting anything. `null`: no such file. Asked once per image id and path. */
  imageFile(imageId: string, path: string): Promise<Omit<FileView, 'modifiedAt'> | null>
}
