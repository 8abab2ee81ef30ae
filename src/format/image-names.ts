import { commandsIn, hereDocuments } from './shell-words.ts'

/** Which images the parts of a lab pull, and which ones they make themselves. */
export interface Images {
  readonly pulls: readonly string[]
  readonly makes: readonly string[]
}

/** Flags of `docker run`, `create` and `pull` that take no value. */
const plainFlags = new Set(
  (
    '--detach --interactive --tty --rm --init --privileged --read-only --publish-all --no-healthcheck ' +
    '--oom-kill-disable --sig-proxy --disable-content-trust --quiet --help --all-tags --use-api-socket'
  ).split(' '),
)
const plainLetters = /^-[dithPqa]+$/

export function imagesOfScript(script: string): Images {
  const pulls: string[] = imagesOfDockerfile(hereDocuments(script)).concat(imagesOfYaml(hereDocuments(script)))
  const makes: string[] = []
  for (const [program, ...rest] of commandsIn(script)) {
    if (program === 'kind' && rest[0] === 'create') pulls.push(...values(rest, ['--image']))
    if (program !== 'docker' && program !== 'podman') continue
    const words = /^(container|image|buildx|builder)$/.test(rest[0] ?? '') ? rest.slice(1) : rest
    const [verb, ...args] = words
    if (verb === 'run' || verb === 'create' || verb === 'pull') pulls.push(...firstArgument(verb, args))
    else if (verb === 'build') makes.push(...values(args, ['-t', '--tag']))
    else if (verb === 'tag' || verb === 'commit') makes.push(...args.filter(each => !each.startsWith('-')).slice(1, 2))
  }
  return { pulls, makes }
}

function firstArgument(verb: string, args: readonly string[]): string[] {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (!arg.startsWith('-')) return [arg]
    const alone =
      arg.includes('=') || plainFlags.has(arg) || (plainLetters.test(arg) && (verb === 'pull' || arg !== '-a'))
    const glued = /^-[dithPq]*[aceghlmpuvw]./.test(arg) && !arg.startsWith('--')
    if (!alone && !glued) index++
  }
  return []
}

function values(args: readonly string[], flags: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const flag = flags.find(each => arg === each || arg.startsWith(`${each}=`))
    if (flag === undefined) return []
    return arg === flag ? args.slice(index + 1, index + 2) : [arg.slice(flag.length + 1)]
  })
}

/** `FROM` and `COPY --from=`, without stages of the file itself. */
export function imagesOfDockerfile(text: string): string[] {
  const stages = new Set<string>()
  const defaults = new Map<string, string>()
  const pulls: string[] = []
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    const instruction = word.toUpperCase()
    if (instruction === 'ARG') {
      const [name, value] = (rest[0] ?? '').split('=')
      if (name && value) defaults.set(name, value)
    }
    const args = rest.filter(each => !each.startsWith('--'))
    const from = instruction === 'FROM' ? args[0] : instruction === 'COPY' ? values(rest, ['--from'])[0] : undefined
    const image = from?.replace(/\$\{?(\w+)\}?/g, (written, name: string) => defaults.get(name) ?? written)
    if (image && image !== 'scratch' && !stages.has(image.toLowerCase()) && !/^\d+$/.test(image)) pulls.push(image)
    if (instruction === 'FROM' && args[1]?.toUpperCase() === 'AS' && args[2]) stages.add(args[2].toLowerCase())
  }
  return pulls
}

export function imagesOfYaml(text: string): string[] {
  return text.split('\n').flatMap(line => /^\s*(?:- *)?image: *["']?([^\s"'#]+)/.exec(line)?.[1] ?? [])
}

/** `docker.io/library/node` and `node:latest` are the same. */
export function wholeName(image: string): string {
  const name = image.replace(/^(docker\.io\/|index\.docker\.io\/)/, '').replace(/^library\//, '')
  return name.includes('@') || /:[^/]*$/.test(name) ? name : `${name}:latest`
}

/** A digest, or a tag that is not one of those that move by design. */
export function isPinned(image: string): boolean {
  if (image.includes('@sha256:')) return true
  const tag = /:([^/:]*)$/.exec(image)?.[1]
  return tag !== undefined && !/^(latest|lts|stable|mainline|edge|nightly|main|master|dev|current)?(-|$)/.test(tag)
}

/** Not a name that can be known here: a variable, a placeholder, a template. */
export function isKnowable(image: string): boolean {
  return /^[a-z0-9][\w./:@-]*$/i.test(image)
}
