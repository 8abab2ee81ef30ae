import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { KubeConfigView } from '../../lab/cluster.ts'
import { type Raw, string } from '../docker/raw.ts'
import { badConfig, type Config, type ConfigFile, configPaths, mergeConfigs, viewOf } from './config.ts'

export interface Configuration {
  readonly config: Config
  readonly view: KubeConfigView
}

/** Reads kubectl's configuration; again only when one of its files has changed. */
export function configurationIn(env: NodeJS.ProcessEnv, home: string): () => Promise<Configuration> {
  let known: { stamp: string; configuration: Promise<Configuration> } | undefined
  return async () => {
    const paths = configPaths(env, home)
    const stamp = JSON.stringify(await Promise.all(paths.map(stampOf)))
    if (known?.stamp !== stamp) {
      const fresh = { stamp, configuration: read(paths) }
      known = fresh
      // What could not be read is tried again.
      fresh.configuration.catch(() => {
        if (known === fresh) known = undefined
      })
    }
    return await known.configuration
  }
}

async function stampOf(path: string): Promise<unknown> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return [path, mtimeMs, size, ino]
  } catch {
    return null
  }
}

async function read(paths: readonly string[]): Promise<Configuration> {
  const files = await Promise.all(paths.map(readOne))
  const config = mergeConfigs(files.flatMap(file => file ?? []))
  return { config, view: viewOf(config, authorityOf) }
}

/** `null`: no such file. */
async function readOne(file: string): Promise<ConfigFile | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw badConfig(file, error.code ?? error.message, error)
  })
  if (text === null) return null
  const { parseConfig } = await import('./kubeconfig.ts')
  try {
    return { file, document: parseConfig(text) }
  } catch (error) {
    throw badConfig(file, (error as Error).message.split('\n')[0]!, error)
  }
}

/** The authority that signs for a cluster's server, PEM; `null`: none is given, or it cannot be read. */
export function authorityOf(cluster: Raw): Buffer | null {
  const data = string(cluster['certificate-authority-data'])
  if (data) return Buffer.from(data, 'base64')
  const file = string(cluster['certificate-authority'])
  if (!file) return null
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
