/** Views of the machine: what looking at it gives, normalised over the versions of the tools. All plain JSON. */

export interface FileView {
  readonly path: string
  readonly type: 'file' | 'directory' | 'other'
  /** Octal, such as `0644`. */
  readonly mode: string
  readonly size: number
  /** ms since the epoch. */
  readonly modifiedAt: number
  /** Content of a file of at most 1 MiB; absent otherwise. */
  readonly text?: string
}

export interface RunView {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

export interface ConnectionView {
  readonly host: string
  readonly port: number
  readonly open: boolean
  /** Addresses that answered, `127.0.0.1` and `::1` tried for localhost. */
  readonly answering: readonly string[]
  /** `ECONNREFUSED`, `ETIMEDOUT`, … where nothing answered. */
  readonly error?: string
}

export interface HttpView {
  readonly url: string
  /** Absent when there was no answer; then `error` says why. */
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** `ECONNREFUSED`, `ECONNRESET`, `EMPTY`, `ETIMEDOUT`, `ENOTFOUND`, … */
  readonly error?: string
  readonly tookMs: number
}

export interface ToolView {
  readonly name: string
  readonly path: string
  /** Digits and dots as the tool prints them; empty when it prints none. */
  readonly version: string
}

/** A process or container that listens on a TCP port of this machine. */
export interface Listener {
  readonly address: string
  readonly port: number
  /** Absent where the system does not tell. */
  readonly pid?: number
  readonly process?: string
}

export interface EngineView {
  readonly running: true
  readonly version: string
  readonly api: string
  readonly os: string
  readonly host: string
}

export interface ContainerView {
  readonly id: string
  readonly name: string
  /** The image as the learner named it. */
  readonly image: string
  readonly imageId: string
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  readonly exitCode: number
  /** The engine's own words on why it did not start. */
  readonly error: string
  readonly oomKilled: boolean
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy'
  readonly restarts: number
  readonly restartPolicy: string
  /** ms since the epoch; 0 when it never happened. */
  readonly createdAt: number
  readonly startedAt: number
  readonly finishedAt: number
  /** `3000/tcp` -> port on the host, of what is published now. */
  readonly ports: Readonly<Record<string, number>>
  /** The same with the host's address, of what was asked for with `-p`, running or not. */
  readonly asked: Readonly<Record<string, readonly { readonly host: string; readonly port: number }[]>>
  readonly command: readonly string[]
  /** Made by `docker run` without `-d`: Ctrl-C in its terminal ends it. */
  readonly attached?: true
  readonly env: Readonly<Record<string, string>>
  readonly networks: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

export interface ImageSummary {
  readonly id: string
  readonly tags: readonly string[]
  readonly createdAt: number
  readonly size: number
}

export interface ImageView extends ImageSummary {
  /** When the tag was last put on it; `createdAt` where the engine does not tell. */
  readonly taggedAt: number
  readonly architecture: string
  readonly config: {
    readonly Cmd: readonly string[]
    readonly Entrypoint: readonly string[]
    readonly Env: readonly string[]
    readonly ExposedPorts: readonly string[]
    readonly Labels: Readonly<Record<string, string>>
    readonly User: string
    readonly WorkingDir: string
  }
}

export interface LogLine {
  readonly stream: 'stdout' | 'stderr'
  readonly at: number
  readonly text: string
}
