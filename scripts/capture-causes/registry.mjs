import { both, bridge, build, image, P, service, services, withDockerfile } from './parts.mjs'

/** What registries refuse; `localhost` may speak HTTP, the bridge's address has to speak HTTPS. */
const local = `localhost:${service}`
const remote = `${bridge}:${service}`
const http = { background: [services('http')] }
const https = { background: [services('https')] }
const silent = { background: [services('silent')] }
const from = ref => ({ ...withDockerfile(`FROM ${ref}\nCMD ["node"]\n`), run: build })
const push = ref => ({
  before: [`docker tag ${image} ${ref}`],
  run: `docker push ${ref}`,
  after: [`docker rmi ${ref}`],
})

export const registry = [
  { code: 'image.rate-limit', variant: 'pull', ...http, run: `docker pull ${local}/limited/node:24-alpine` },
  ...both('image.rate-limit', 'from', { ...http, ...from(`${local}/limited/node:24-alpine`) }),
  { code: 'image.missing', variant: 'run-private', ...http, run: `docker run -d ${local}/denied/todo` },
  { code: 'image.missing', variant: 'pull-tag', ...http, run: `docker pull ${local}/library/node:24-alpin` },
  ...both('build.base-not-found', 'private', { ...http, ...from(`${local}/denied/todo`) }),
  ...both('build.base-not-found', 'tag-missing', { ...http, ...from(`${local}/library/node:24-alpin`) }),
  { code: 'image.wrong-platform', variant: 'pull', ...http, run: `docker pull ${local}/arm/node:24-alpine` },
  ...both('image.wrong-platform', 'from', { ...http, ...from(`${local}/arm/node:24-alpine`) }),
  { code: 'image.registry-denied', variant: 'push', ...http, ...push(`${local}/mine/todo`) },
  { code: 'image.registry-denied', variant: 'push-password', ...http, ...push(`${local}/password/todo`) },
  { code: 'image.registry-denied', variant: 'pull-password', ...http, run: `docker pull ${local}/password/todo` },
  { code: 'image.registry-plain-http', variant: 'pull', ...http, run: `docker pull ${remote}/node:24-alpine` },
  { code: 'image.registry-plain-http', variant: 'push', ...http, ...push(`${remote}/${P}todo`) },
  ...both('image.registry-plain-http', 'from', { ...http, ...from(`${remote}/node:24-alpine`) }),
  { code: 'image.registry-untrusted', variant: 'pull', ...https, run: `docker pull ${remote}/node:24-alpine` },
  ...both('image.registry-untrusted', 'from', { ...https, ...from(`${remote}/node:24-alpine`) }),
  {
    code: 'image.registry-unreachable',
    variant: 'handshake',
    ...silent,
    run: `docker pull ${remote}/library/node:24-alpine`,
  },
  ...both('image.registry-unreachable', 'handshake', { ...silent, ...from(`${remote}/library/node:24-alpine`) }),
  { code: 'image.registry-unreachable', variant: 'push', ...push('docker.io/learner/todo') },
]
