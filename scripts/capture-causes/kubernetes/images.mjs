import {
  cluster,
  deployment,
  event,
  line,
  node,
  onePod,
  pod,
  podsReady,
  ready,
  rollout,
  script,
  waiting,
} from './parts.mjs'

// Images that a node does not get.

const app = `${cluster}-todo-app`
const has = tag => `docker tag ${node} ${app}:${tag}`

/** A registry on the node itself, which containerd asks without TLS; it answers what registries answer. */
const registry = port => ({
  ...pod(
    script(`const answers = {
      auth: [401, { 'www-authenticate': 'Basic realm="registry"' }, { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }],
      limited: [429, {}, { errors: [{ code: 'TOOMANYREQUESTS', message: 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit' }] }],
      denied: [403, {}, { errors: [{ code: 'DENIED', message: 'requested access to the resource is denied' }] }],
      arm: [200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }, { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [
        { mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 400, digest: 'sha256:' + 'a'.repeat(64), platform: { os: 'linux', architecture: 'arm64' } } ] }],
    }
    require('http').createServer((request, response) => {
      const key = Object.keys(answers).find(each => request.url.includes('/' + each + '/'))
      if (!key) return response.end()
      const [status, headers, body] = answers[key]
      const text = JSON.stringify(body)
      const digest = 'sha256:' + require('crypto').createHash('sha256').update(text).digest('hex')
      response.writeHead(status, { 'content-type': 'application/json', 'docker-content-digest': digest, 'content-length': text.length, ...headers })
      response.end(request.method === 'HEAD' ? '' : text)
    }).listen(${port})`),
    { hostNetwork: true },
    'registry',
  ),
})

const oddPull = (name, code, image) => ({
  name: `pull-${name}`,
  objects: [pod({ image })],
  until: `${waiting('ErrImagePull|ImagePullBackOff')} && ${event('Failed to pull image')}`,
  takes: [onePod(code, `${name}-pod`)],
})

/** Each on a port of its own: they are played beside each other. */
const registered = (name, code, port) => ({
  name: `registry-${name}`,
  objects: [registry(port), deployment({ image: `localhost:${port}/${name}/web:1` })],
  before: [`until ${ready.replace('--all', 'registry')}; do sleep 0.5; done`, 'kubectl delete pods -l app=web'],
  until: waiting('ImagePullBackOff'),
  takes: [rollout(code, `${name}-rollout`)],
})

export const images = [
  {
    name: 'lastest',
    objects: [deployment({ image: 'nginx:lastest' }, { replicas: 3 })],
    until: waiting('ImagePullBackOff'),
    takes: [
      rollout('image.pull-not-found', 'tag-rollout'),
      podsReady('image.pull-not-found', 'tag-pods', 'app=web', { ready: 3 }),
      line('image.pull-not-found', 'tag-rollout-status', 'kubectl rollout status deployment/web --timeout=1s'),
      line('image.pull-not-found', 'tag-wait', 'kubectl wait --for=condition=Ready pod -l app=web --timeout=1s'),
      line('image.pull-not-found', 'tag-logs', 'kubectl logs deployment/web'),
    ],
  },
  {
    // The status is still that of the image before.
    name: 'image-corrected',
    objects: [pod({ image: 'nginx:lastest' })],
    until: waiting('ImagePullBackOff'),
    takes: [
      { ...onePod('pod.starting', 'image-corrected'), first: 'kubectl set image pod/web web=nginx:1.28-alpine' },
      { ...podsReady('pod.starting', 'image-corrected-pods'), first: 'kubectl set image pod/web web=alpine:3.22' },
    ],
  },
  {
    name: 'newest-only',
    objects: [deployment({}, { replicas: 2 })],
    before: [
      'kubectl rollout status deployment/web --timeout=90s',
      'kubectl set image deployment/web web=nginx:1.28-alpin',
    ],
    until: waiting('ImagePullBackOff'),
    takes: [rollout('image.pull-not-found', 'tag-second-rollout')],
  },
  {
    name: 'not-loaded',
    objects: [],
    // Another tag than the one that kind is to load and does not find.
    before: [has('1.2'), `kubectl create deployment web --image=${app}:1.2`, `kubectl expose deployment web --port=80`],
    after: [`docker rmi ${app}:1.2`],
    until: waiting('ImagePullBackOff'),
    takes: [
      rollout('image.pull-not-found', 'not-loaded-rollout'),
      { code: 'image.pull-not-found', as: 'not-loaded-service', check: 'k8s.service', fields: { name: 'web' } },
    ],
  },
  {
    name: 'loaded-latest',
    before: [
      has('latest'),
      `kind load docker-image ${app}:latest --name ${cluster}`,
      `kubectl run web --image=${app}:latest -l app=web`,
    ],
    after: [`docker rmi ${app}:latest`],
    until: waiting('ImagePullBackOff'),
    takes: [onePod('image.pull-not-found', 'loaded-latest-pod')],
  },
  oddPull('no-host', 'image.pull-network', 'registry.invalid/web:1'),
  oddPull('refused', 'image.pull-network', 'localhost:5995/web:1'),
  registered('auth', 'image.pull-auth', 5996),
  registered('denied', 'image.pull-auth', 5997),
  registered('limited', 'image.pull-ratelimit', 5998),
  registered('arm', 'image.pull-platform', 5999),
  {
    name: 'never-pull',
    objects: [deployment({ image: `${app}:2.0`, imagePullPolicy: 'Never' })],
    until: waiting('ErrImageNeverPull'),
    takes: [rollout('image.never-pull', 'rollout'), podsReady('image.never-pull', 'pods')],
  },
  {
    name: 'invalid-name',
    objects: [deployment({ image: 'Nginx:1.28-alpine' })],
    until: waiting('InvalidImageName'),
    takes: [rollout('image.invalid-name', 'capital-rollout')],
  },
  {
    name: 'invalid-blank',
    objects: [pod({ image: 'nginx: 1.28' })],
    until: waiting('InvalidImageName'),
    takes: [onePod('image.invalid-name', 'blank-pod')],
  },
]
