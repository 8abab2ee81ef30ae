// The failures, as a learner would bring them about.
import { build } from './build.mjs'
import { containers } from './containers.mjs'
import { images } from './images.mjs'
import { publishing } from './publishing.mjs'
import { registry } from './registry.mjs'
import { shell } from './shell.mjs'
import { state } from './state.mjs'
import { typing } from './typing.mjs'

export { ports, prefix, prepare } from './parts.mjs'

export const scenarios = [...shell, ...typing, ...build, ...images, ...registry, ...publishing, ...containers, ...state]
