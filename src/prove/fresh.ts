import { dockerCalls } from '../causes/line.ts'
import { imagesOfScript, wholeName } from '../format/image-names.ts'
import type { Lab } from '../lab/lab.ts'
import { fill } from '../lab/template.ts'
import type { DockerSnapshot } from '../run/world.ts'

/**
 * What these labs make by name and the engine has already: with it nothing could be proven, and what is somebody's could
 * be removed. `cluster web`, `image app:latest`, `container peek`.
 */
export function alreadyThere(labs: readonly Lab[], { containers, images }: DockerSnapshot): string[] {
  const there = Object.values(containers)
  return labs.flatMap(lab => {
    const lines = linesOf(lab)
    const names = lines.flatMap(line => dockerCalls(line).flatMap(call => (makes(call.verb) ? nameOf(call) : [])))
    const made = lines.flatMap(line => imagesOfScript(line).makes).map(wholeName)
    const cluster = lab.cluster !== undefined && makesCluster(lab) ? lab.cluster : undefined
    return [
      ...there.flatMap(each => (cluster !== undefined && each.cluster === cluster ? [`cluster ${cluster}`] : [])),
      ...[...new Set(names)].filter(name => there.some(each => each.name === name)).map(name => `container ${name}`),
      ...[...new Set(made)].filter(name => images[name]).map(name => `image ${name}`),
    ].filter((name, index, all) => all.indexOf(name) === index)
  })
}

export function makesCluster(lab: Lab): boolean {
  return linesOf(lab).some(line => /\bkind\s+create\s+cluster\b/.test(line))
}

function linesOf({ steps, vars }: Lab): string[] {
  const values = (name: string) => (name.startsWith('vars.') ? vars[name.slice(5)] : undefined)
  return steps.flatMap(step => [...step.commands, ...step.solve].map(({ run }) => fill(run, values)))
}

function makes(verb: string): boolean {
  return verb === 'run' || verb === 'create'
}

function nameOf({ options }: ReturnType<typeof dockerCalls>[number]): string[] {
  return options.flatMap(({ name, value }) => (name === 'name' && value ? [value] : []))
}
