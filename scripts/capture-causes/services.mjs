// Servers that answer as registries, git hosts and proxies do when they refuse. `node services.mjs PORT KIND [KEY CERT]`,
// KIND: `http`, `https` or `silent` (accepts connections and says nothing).
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'

const [port, kind, key, cert] = process.argv.slice(2)

/** With a detail, as Docker Hub has it: the engine leaves the message out where there is none. */
const error = (code, message) => JSON.stringify({ errors: [{ code, message, detail: {} }] })
const limit = 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'
const list = 'application/vnd.docker.distribution.manifest.list.v2+json'
const manifest = 'application/vnd.docker.distribution.manifest.v2+json'
const armOnly = JSON.stringify({
  schemaVersion: 2,
  mediaType: list,
  manifests: [
    {
      mediaType: manifest,
      size: 500,
      digest: `sha256:${'1'.repeat(64)}`,
      platform: { architecture: 'arm64', os: 'linux' },
    },
  ],
})

/** By the first word of the repository: `[status, headers, body]`. */
function answer({ method, url, headers }) {
  const json = { 'Content-Type': 'application/json', 'Docker-Distribution-Api-Version': 'registry/2.0' }
  if (url === '/v2/') return [200, json, '{}']
  if (url.startsWith('/token')) return [200, json, JSON.stringify({ token: 'anonymous', access_token: 'anonymous' })]
  if (url.startsWith('/v2/limited/')) return [429, json, error('TOOMANYREQUESTS', limit)]
  if (url.startsWith('/v2/denied/')) return denied(url, headers, json)
  if (url.startsWith('/v2/password/'))
    return [
      401,
      { ...json, 'WWW-Authenticate': 'Basic realm="registry"' },
      error('UNAUTHORIZED', 'authentication required'),
    ]
  if (url.startsWith('/v2/arm/')) return [200, { ...json, 'Content-Type': list }, armOnly]
  if (url.startsWith('/v2/') && method === 'POST')
    return [403, json, error('DENIED', 'requested access to the resource is denied')]
  if (url.startsWith('/v2/')) return [404, json, error('MANIFEST_UNKNOWN', 'manifest unknown')]
  return [404, json, '{"error":"Not found"}']
}

/** As Docker Hub does it for a repository that is private or not there: a token for anyone, which opens nothing. */
function denied(url, { authorization, host }, json) {
  const scope = `realm="http://${host}/token",service="registry",scope="repository:${/denied\/[^/]+/.exec(url)}:pull"`
  const more = authorization ? ',error="insufficient_scope"' : ''
  const body = error('DENIED', 'requested access to the resource is denied')
  return [401, { ...json, 'WWW-Authenticate': `Bearer ${scope}${more}` }, body]
}

function serve(request, response) {
  const [status, headers, body] = answer(request)
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

if (kind === 'silent') createTcpServer(() => {}).listen(Number(port))
else if (kind === 'https')
  createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, serve).listen(Number(port))
else createServer(serve).listen(Number(port))
