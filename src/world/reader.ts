import type { ClusterReader, DockerReader, Reader } from '../check/reader.ts'
import type { ToolView } from '../lab/machine.ts'
import { connect } from './connect.ts'
import { freeSpace } from './folders.ts'
import { httpView } from './http.ts'
import { lookAtListeners } from './listeners.ts'
import { listFolder, lookAtFile } from './look-at-files.ts'
import { findProgram } from './programs.ts'
import { runProgram } from './run-program.ts'
import { lookAtTool } from './tools.ts'

/** Looks at this machine; `env` is the runner's environment. */
export function createReader(env: NodeJS.ProcessEnv, docker: DockerReader, cluster: ClusterReader): Reader {
  const run: Reader['run'] = (argv, options) => runProgram(env, argv, options)
  const tools = new Map<string, Promise<ToolView | null>>()
  return {
    file: lookAtFile,
    list: listFolder,
    run,
    connect: (host, port, timeoutMs) => connect(host, port, timeoutMs),
    http: request => httpView(request),
    tool(name) {
      const known = tools.get(name)
      if (known) return known
      const asked = lookAtTool(name, program => findProgram(program, env), run)
      tools.set(name, asked)
      // What could not be found out is asked again.
      asked.catch(() => tools.delete(name))
      return asked
    },
    listeners: () => lookAtListeners(run),
    free: freeSpace,
    docker,
    cluster,
  }
}
