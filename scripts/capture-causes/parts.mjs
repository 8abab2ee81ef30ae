// What the scenarios share. `P` marks what belongs to the captures; it is taken off again.
import { fileURLToPath } from 'node:url'

export const prefix = 'hrcapt-'
export const P = prefix
/** Ports of the machine that captures use, and what samples call them. */
export const ports = {
  host: 47300,
  other: 47301,
  high: 47380,
  odd: 47381,
  service: 47390,
  proxy: 47391,
  shown: { 3000: 47300, 3001: 47301, 8080: 47380, 8081: 47381, 5000: 47390, 8888: 47391 },
}
export const { host, other, high, odd, service, proxy } = ports
/** This machine's address on the engine's own network: there the engine wants HTTPS, and builds reach it. */
export const bridge = '172.17.0.1'
/** Where docker looks for buildx and compose. */
export const plugins = '/usr/libexec/docker/cli-plugins'

/** A server that refuses: see services.mjs. */
export const services = kind =>
  `node ${fileURLToPath(new URL('services.mjs', import.meta.url))} ${service} ${kind} /tmp/${P}captures/key.pem /tmp/${P}captures/cert.pem`

export const server = (address = '0.0.0.0') =>
  `require('http').createServer((q, s) => { if (q.url !== '/') s.statusCode = 404; s.end('Todo App v1') }).listen(3000, '${address}', () => console.log('Listening on port 3000'))\n`
export const dockerfile = `FROM node:24-alpine
WORKDIR /app
COPY . .
CMD ["node", "server.js"]
EXPOSE 3000
`
export const app = {
  'getting-started-app/Dockerfile': dockerfile,
  'getting-started-app/server.js': server(),
  'getting-started-app/package.json': '{"name":"101-app"}\n',
}
export const inApp = { files: app, cwd: 'getting-started-app' }
export const image = `${P}getting-started`

/** Writes the head of an arm64 program: what a kernel for another CPU says of it is the same as for a whole one. */
const arm =
  "const b = Buffer.alloc(120); b.write('7f454c46020101', 'hex'); b.writeUInt16LE(2, 16); b.writeUInt16LE(183, 18); b.writeUInt32LE(1, 20); b.writeUInt16LE(64, 52); require('fs').writeFileSync('sh', b)"

export const make = (name, script, cmd = '["node", "server.js"]') =>
  `mkdir -p /tmp/${P}captures/${name} && cd /tmp/${P}captures/${name} && cat > server.js <<'JS'\n${script}JS\n` +
  `printf '%s\\n' 'FROM node:24-alpine' 'WORKDIR /app' 'COPY . .' 'CMD ${cmd}' 'EXPOSE 3000' > Dockerfile && docker build -q -t ${P}${name} .`

export const prepare = [
  ...['node:24-alpine', 'nginx:1.28-alpine', 'alpine:3.22'].map(
    ref => `docker image inspect ${ref} > /dev/null 2>&1 || docker pull -q ${ref}`,
  ),
  make('getting-started', server()),
  make('loopback', server('127.0.0.1')),
  make('crash', "console.log('Connecting to the database'); throw new Error('no database')\n"),
  make('module', server(), '["node", "src/index.js"]'),
  `docker tag node:24-alpine ${P}node-local`,
  `openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/${P}captures/key.pem -out /tmp/${P}captures/cert.pem -subj /CN=lab -addext subjectAltName=IP:${bridge} -days 2`,
  // A start script without `#!`, one with Windows line ends, and a program for another CPU.
  `mkdir -p /tmp/${P}captures/formats && cd /tmp/${P}captures/formats && echo 'node server.js' > start.sh && ` +
    `printf '#!/bin/sh\\r\\necho hello\\r\\n' > windows.sh && node -e "${arm}" && chmod +x start.sh windows.sh sh && ` +
    `printf '%s\\n' 'FROM alpine:3.22' 'COPY start.sh windows.sh /' 'CMD ["/start.sh"]' > Dockerfile && docker build -q -t ${P}formats . && ` +
    `printf '%s\\n' 'FROM scratch' 'COPY sh /bin/sh' > Dockerfile && docker build -q -t ${P}arm .`,
]

export const both = (code, variant, scenario) => [
  { code, variant: `${variant}-buildkit`, ...scenario, env: { DOCKER_BUILDKIT: '1' } },
  { code, variant: `${variant}-legacy`, ...scenario, env: { DOCKER_BUILDKIT: '0' } },
]
export const withDockerfile = text => ({
  files: { ...app, 'getting-started-app/Dockerfile': text },
  cwd: 'getting-started-app',
})
export const build = `docker build -t ${image} .`
export const up = (options, rest = '') => `docker run -d ${options} ${image} ${rest}`.trim()
/** Time for an app to come up or to crash. */
export const wait = 'sleep 1.5'
export const url = port => `http://127.0.0.1:${port}/`
export const running = { state: 'running' }
export const page = { check: 'http', fields: { url: url(host) }, expect: { status: 200 } }
export const container = (expect = running) => ({ check: 'docker.container', fields: { image }, expect })
export const script = "/* the page */\nfetch('/items').then(show)\nfetch(`/items/${id}`)\n"
