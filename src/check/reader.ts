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

/** Looks that must create something to see, and take it away again before they answer. Throws `CouldNotLook` as readers do. */
export interface Probe {
  /** A file within an image, read without starting anything. `null`: no such file. Asked once per image id and path. */
  imageFile(imageId: string, path: string): Promise<Omit<FileView, 'modifiedAt'> | null>
}
