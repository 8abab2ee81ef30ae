// The failures, as a learner would bring them about. `P` marks what belongs to the captures; it is taken off again.

export const prefix = 'hrcapt-'
const P = prefix
/** Ports of the machine that captures use, and what samples call them. */
export const ports = {
  host: 47300,
  other: 47301,
  high: 47380,
  odd: 47381,
  shown: { 3000: 47300, 3001: 47301, 8080: 47380, 8081: 47381 },
}
const { host, other, high, odd } = ports

const server = (address = '0.0.0.0') =>
  `require('http').createServer((q, s) => { if (q.url !== '/') s.statusCode = 404; s.end('Todo App v1') }).listen(3000, '${address}', () => console.log('Listening on port 3000'))\n`
const dockerfile = `FROM node:24-alpine
WORKDIR /app
COPY . .
CMD ["node", "server.js"]
EXPOSE 3000
`
const app = {
  'getting-started-app/Dockerfile': dockerfile,
  'getting-started-app/server.js': server(),
  'getting-started-app/package.json': '{"name":"101-app"}\n',
}
const inApp = { files: app, cwd: 'getting-started-app' }
const image = `${P}getting-started`

const make = (name, script, cmd = '["node", "server.js"]') =>
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
]

const both = (code, variant, scenario) => [
  { code, variant: `${variant}-buildkit`, ...scenario, env: { DOCKER_BUILDKIT: '1' } },
  { code, variant: `${variant}-legacy`, ...scenario, env: { DOCKER_BUILDKIT: '0' } },
]
const withDockerfile = text => ({
  files: { ...app, 'getting-started-app/Dockerfile': text },
  cwd: 'getting-started-app',
})
const build = `docker build -t ${image} .`
const up = (options, rest = '') => `docker run -d ${options} ${image} ${rest}`.trim()
/** Time for an app to come up or to crash. */
const wait = 'sleep 1.5'
const url = port => `http://127.0.0.1:${port}/`
const running = { state: 'running' }
const page = { check: 'http', fields: { url: url(host) }, expect: { status: 200 } }
const container = (expect = running) => ({ check: 'docker.container', fields: { image }, expect })
const script = "/* the page */\nfetch('/items').then(show)\nfetch(`/items/${id}`)\n"

export const scenarios = [
  { code: 'git.unreachable', variant: 'dns', run: 'git clone https://github.com/docker/getting-started-app.git' },
  {
    code: 'git.unreachable',
    variant: 'connection',
    run: 'git clone https://127.0.0.1:47399/docker/getting-started-app.git',
  },
  {
    code: 'git.destination-exists',
    variant: 'clone',
    files: app,
    run: 'git clone https://github.com/docker/getting-started-app.git getting-started-app',
  },
  { code: 'git.repository-not-found', variant: 'path', run: 'git clone /srv/git/getting-started-app.git' },
  { code: 'tool.missing', variant: 'docker', run: 'docker ps', env: { PATH: '/nowhere' } },
  { code: 'tool.missing', variant: 'typo', run: 'dcoker ps' },
  { code: 'shell.folder-missing', variant: 'near', files: app, run: 'cd getting-started-ap' },
  { code: 'shell.folder-missing', variant: 'none', run: 'cd ~/environment/01_Container' },
  { code: 'shell.placeholder', variant: 'id', run: 'docker stop <컨테이너ID>' },
  { code: 'shell.placeholder', variant: 'words-follow', run: 'docker logs <name> --tail 5' },
  { code: 'shell.placeholder', variant: 'prompt', run: '$ docker ps' },
  { code: 'disk.full', variant: 'cp', files: app, run: 'cat getting-started-app/server.js > /dev/full' },
  { code: 'command.timed-out', variant: 'foreground', run: `docker run --name ${P}web ${image}`, timeout: 3000 },
  { code: 'command.timed-out', variant: 'input', run: 'sleep 60', timeout: 500 },

  ...['ps', 'run alpine:3.22 true', 'build .'].map((verb, i) => ({
    code: 'engine.down',
    variant: ['ps', 'run', 'build'][i],
    run: `docker ${verb}`,
    env: { DOCKER_HOST: 'unix:///run/nobody/docker.sock' },
  })),
  {
    code: 'engine.down',
    variant: 'check',
    check: 'docker.image',
    fields: { ref: 'getting-started' },
    env: { DOCKER_HOST: 'unix:///run/nobody/docker.sock' },
  },
  { code: 'engine.permission', variant: 'ps', run: 'docker ps', as: 65534, env: { HOME: '/' } },
  { code: 'engine.wrong-context', variant: 'ps', run: 'docker ps', env: { DOCKER_CONTEXT: 'lab' } },
  {
    code: 'engine.wrong-context',
    variant: 'check',
    check: 'docker.image',
    fields: { ref: 'getting-started' },
    env: { DOCKER_CONTEXT: 'lab' },
  },
  { code: 'engine.api-too-old', variant: 'ps', run: 'docker ps', env: { DOCKER_API_VERSION: '1.99' } },
  { code: 'engine.api-too-new', variant: 'ps', run: 'docker ps', env: { DOCKER_API_VERSION: '1.10' } },

  ...both('build.wrong-folder', 'parent', { files: app, run: build }),
  ...both('build.wrong-folder', 'sibling', {
    files: { ...app, '00_Setup/README.md': 'x' },
    cwd: 'getting-started-app',
    run: `docker build -t ${image} ../00_Setup/.`,
  }),
  ...both('build.wrong-folder', 'no-folder', { files: app, run: `docker build -t ${image} getting-started-ap` }),
  ...both('build.no-dockerfile', 'none', { files: { 'app/server.js': 'x' }, cwd: 'app', run: build }),
  ...both('build.no-dockerfile', 'extension', { files: { 'app/Dockerfile.txt': dockerfile }, cwd: 'app', run: build }),
  ...both('build.no-dockerfile', 'named', { ...inApp, run: `docker build -f Dockerfil -t ${image} .` }),
  ...both('build.context-missing', 'dot', { ...inApp, run: `docker build -t ${image}` }),
  ...both('build.bad-tag', 'capital', { ...inApp, run: 'docker build -t Getting-Started .' }),
  ...both('build.bad-tag', 'hangul', { ...inApp, run: 'docker build -t 할일 .' }),
  ...both('build.bad-tag', 'blank', { ...inApp, run: 'docker build -t getting started .' }),
  ...both('build.unknown-instruction', 'form', { ...withDockerfile(dockerfile.replace('FROM', 'FORM')), run: build }),
  ...both('build.unknown-instruction', 'npm', {
    ...withDockerfile(dockerfile.replace('CMD', 'npm install\nCMD')),
    run: build,
  }),
  {
    code: 'build.unknown-instruction',
    variant: 'check',
    ...withDockerfile(dockerfile.replace('WORKDIR', 'WORKDIE')),
    check: 'dockerfile',
    fields: { path: 'getting-started-app/Dockerfile' },
    expect: { instructions: [{ WORKDIR: '/app' }] },
  },
  ...both('build.base-not-found', 'tag-offline', {
    ...withDockerfile(dockerfile.replace('24-alpine', '24-alpin')),
    run: build,
  }),
  ...both('build.base-not-found', 'name-offline', {
    ...withDockerfile(dockerfile.replace('node:24-alpine', 'ngnix:1.28')),
    run: build,
  }),
  ...both('image.registry-unreachable', 'from', {
    ...withDockerfile('FROM python:3.13\nCMD ["python"]\n'),
    run: build,
  }),
  { code: 'image.registry-unreachable', variant: 'run', run: 'docker run -d redis:8' },
  { code: 'image.registry-unreachable', variant: 'pull', run: 'docker pull mysql:8.0' },
  ...both('build.run-failed', 'yarn', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN yarnn install --production\nCMD')),
    run: build,
  }),
  ...both('build.run-failed', 'exit', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN ls /nothing\nCMD')),
    run: build,
  }),
  ...both('build.run-failed', 'npm-network', {
    ...withDockerfile(
      dockerfile.replace('CMD', 'RUN npm install --fetch-retries=0 --registry=http://registry.invalid left-pad\nCMD'),
    ),
    run: build,
  }),
  ...both('build.copy-missing', 'case', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'COPY Server.js .')),
    run: build,
  }),
  ...both('build.copy-missing', 'outside', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'COPY ../shared ./')),
    run: build,
  }),
  ...both('build.empty', 'file', { ...withDockerfile(''), run: build }),
  {
    code: 'build.empty',
    variant: 'check',
    ...withDockerfile('\n'),
    check: 'dockerfile',
    fields: { path: 'getting-started-app/Dockerfile' },
    expect: { instructions: [{ WORKDIR: '/app' }] },
  },

  { code: 'image.missing', variant: 'run-near', run: `docker run -d ${P}geting-started` },
  { code: 'image.missing', variant: 'run-own', run: 'docker run -d shopping-list' },
  { code: 'image.missing', variant: 'rmi', run: 'docker rmi shopping-list' },
  { code: 'image.missing', variant: 'inspect', run: 'docker inspect shopping-list' },
  { code: 'image.missing', variant: 'check-near', check: 'docker.image', fields: { ref: `${P}gettingstarted` } },
  { code: 'image.missing', variant: 'check-none', check: 'docker.image', fields: { ref: 'shopping-list' } },
  { code: 'image.bad-name', variant: 'capital', run: 'docker run -d Getting-Started' },
  { code: 'image.bad-name', variant: 'dash', run: 'docker run –d getting-started' },
  { code: 'image.bad-name', variant: 'tag', run: 'docker run getting-started:' },
  ...both('image.bad-name', 'from', { ...withDockerfile('FROM Node:24\n'), run: build }),
  {
    code: 'image.stale',
    variant: 'file',
    files: app,
    check: 'docker.image.file',
    fields: { image, path: '/app/server.js' },
    expect: { text: { $contains: 'the line that was added' } },
  },
  { code: 'image.stale', variant: 'too-old', check: 'docker.image', fields: { ref: image }, since: true },
  {
    code: 'image.stale',
    variant: 'container',
    before: [
      `docker tag ${P}loopback ${P}renewed`,
      `docker run -d --name ${P}web -p ${host}:3000 ${P}renewed`,
      `docker tag ${image} ${P}renewed`,
      wait,
    ],
    check: 'docker.container',
    fields: { image: `${P}renewed` },
    expect: { state: 'running', env: { VERSION: '2' } },
  },
  {
    code: 'image.stale',
    variant: 'http',
    before: [
      `docker tag ${image} ${P}renewed`,
      `docker run -d --name ${P}web -p ${host}:3000 ${P}renewed`,
      `docker tag ${P}loopback ${P}renewed`,
      wait,
    ],
    ...page,
    expect: { text: { $contains: 'v2' } },
  },

  { code: 'docker.unknown-flag', variant: 'long', run: up(`--public ${host}:3000`) },
  { code: 'docker.unknown-flag', variant: 'short', run: 'docker ps -z' },
  { code: 'docker.unknown-command', variant: 'plain', run: 'docker pss' },
  { code: 'docker.unknown-command', variant: 'flags', run: `docker rnu -d ${image}` },
  { code: 'docker.missing-argument', variant: 'run', run: `docker run -d -p ${host}:3000` },
  { code: 'docker.missing-argument', variant: 'logs', run: 'docker logs' },

  ...['3000', '127.0.0.1:3000', 'abc:3000', '3000:abc', '3000/80'].map((value, i) => ({
    code: i === 0 ? 'none' : 'port.bad-syntax',
    variant: ['only-inside', 'no-inside', 'host-word', 'inside-word', 'slash'][i],
    run: up(`-p ${value}`),
  })),
  {
    code: 'port.taken-by-container',
    variant: 'run',
    before: [up(`--name ${P}old -p ${host}:3000`)],
    run: up(`--name ${P}new -p ${host}:3000`),
  },
  {
    code: 'port.taken-by-container',
    variant: 'loopback',
    before: [up(`--name ${P}old -p 127.0.0.1:${host}:3000`)],
    run: up(`--name ${P}new -p ${host}:3000`),
  },
  {
    code: 'port.taken-by-container',
    variant: 'start',
    before: [up(`--name ${P}old -p ${host}:3000`), up(`--name ${P}new -p ${host}:3000`)],
    run: `docker start ${P}new`,
  },
  {
    code: 'port.taken-by-container',
    variant: 'check',
    before: [up(`--name ${P}old -p ${host}:3000`), up(`--name ${P}new -p ${host}:3000`)],
    check: 'docker.container',
    fields: { name: `${P}new` },
    expect: running,
  },
  {
    code: 'port.taken-by-container',
    variant: 'node',
    before: [up(`--name ${P}old -p ${host}:3000`)],
    files: { 'server.js': server().replace('3000,', `${host},`) },
    run: 'node server.js',
  },
  {
    code: 'port.taken-by-process',
    variant: 'run',
    files: { 'server.js': server().replace('3000,', `${host},`) },
    background: ['node server.js'],
    run: up(`--name ${P}new -p ${host}:3000`),
  },
  {
    code: 'port.taken-by-process',
    variant: 'node',
    files: { 'server.js': server().replace('3000,', `${host},`) },
    background: ['node server.js'],
    run: 'node server.js',
  },
  {
    code: 'port.taken-by-process',
    variant: 'check',
    files: { 'server.js': server().replace('3000,', `${host},`) },
    background: ['node server.js'],
    before: [],
    run: `docker run -d --name ${P}new -p 127.0.0.1:${host}:3000 ${image}`,
  },

  {
    code: 'port.not-published',
    variant: 'check',
    before: [up(`--name ${P}web`), wait],
    ...container({ state: 'running', ports: { '3000/tcp': { $exists: true } } }),
  },
  { code: 'port.not-published', variant: 'http', before: [up(`--name ${P}web`), wait], ...page },
  {
    code: 'port.not-published',
    variant: 'curl',
    before: [up(`--name ${P}web`), wait],
    run: `curl -sS http://localhost:${host}/`,
  },
  {
    code: 'port.not-published',
    variant: 'misplaced',
    before: [`docker run -d --name ${P}web --entrypoint node ${image} server.js -p ${host}:3000`, wait],
    ...page,
  },
  {
    code: 'port.wrong-way-round',
    variant: 'check',
    before: [up(`--name ${P}web -p ${host}:80`), wait],
    ...container({ state: 'running', ports: { '3000/tcp': { $exists: true } } }),
  },
  {
    code: 'port.wrong-way-round',
    variant: 'http',
    before: [up(`--name ${P}web -p ${host}:8080`), wait],
    ...page,
    fields: { url: url(high) },
    ports: [high],
  },
  { code: 'port.wrong-way-round', variant: 'reset', before: [up(`--name ${P}web -p ${host}:80`), wait], ...page },
  {
    code: 'port.other',
    variant: 'check',
    before: [up(`--name ${P}web -p ${other}:3000`), wait],
    ...container({ state: 'running', ports: { '3000/tcp': host } }),
  },
  { code: 'port.other', variant: 'http', before: [up(`--name ${P}web -p ${other}:3000`), wait], ...page },
  {
    code: 'app.listens-elsewhere',
    variant: 'port',
    before: [up(`--name ${P}web -p ${odd}:80`), wait],
    ...page,
    fields: { url: url(odd) },
    ports: [odd],
  },
  {
    code: 'app.listens-elsewhere',
    variant: 'loopback',
    before: [`docker run -d --name ${P}web -p ${host}:3000 ${P}loopback`, wait],
    ...page,
  },
  {
    code: 'app.listens-elsewhere',
    variant: 'curl',
    before: [`docker run -d --name ${P}web -p ${host}:3000 ${P}loopback`, wait],
    run: `curl -s http://127.0.0.1:${host}/items`,
  },

  { code: 'container.name-taken', variant: 'run', before: [up(`--name ${P}web`)], run: up(`--name ${P}web`) },
  {
    code: 'container.name-taken',
    variant: 'created',
    before: [`docker create --name ${P}web ${image}`],
    run: up(`--name ${P}web`),
  },
  { code: 'container.bad-name', variant: 'blank', run: `docker run -d --name 'my web' ${image}` },
  { code: 'container.missing', variant: 'logs', before: [up(`--name ${P}web`)], run: `docker logs ${P}wbe` },
  { code: 'container.missing', variant: 'stop', run: 'docker stop web' },
  { code: 'container.missing', variant: 'inspect', before: [up(`--name ${P}web`)], run: `docker inspect ${P}wbe` },
  {
    code: 'container.missing',
    variant: 'check-name',
    before: [up(`--name ${P}web`)],
    check: 'docker.container',
    fields: { name: `${P}wbe` },
    expect: running,
  },
  { code: 'container.missing', variant: 'check-image', ...container() },
  {
    code: 'container.missing',
    variant: 'check-logs',
    check: 'docker.container.logs',
    fields: { name: 'web' },
    expect: { lines: ['Listening'] },
  },
  {
    code: 'container.not-started',
    variant: 'created',
    before: [`docker create --name ${P}web ${image}`],
    ...container(),
  },
  {
    code: 'container.not-started',
    variant: 'mount',
    before: ['touch file.txt', `docker run -d --name ${P}web -v $PWD/file.txt:/app ${image}`],
    ...container(),
  },
  {
    code: 'container.exited',
    variant: 'check',
    before: [`docker run -d --name ${P}web ${P}crash`, wait],
    check: 'docker.container',
    fields: { name: `${P}web` },
    expect: running,
  },
  {
    code: 'container.exited',
    variant: 'http',
    before: [`docker run -d --name ${P}web -p ${host}:3000 ${P}crash`, wait],
    ...page,
  },
  {
    code: 'container.exited',
    variant: 'exec',
    before: [`docker run -d --name ${P}web ${P}crash`, wait],
    run: `docker exec ${P}web ls`,
  },
  { code: 'container.exited', variant: 'run', run: `docker run --name ${P}web ${P}crash` },
  { code: 'container.exited', variant: 'done', before: [up(`--name ${P}peek`, 'ls -a'), wait], ...container() },
  {
    code: 'container.exited',
    variant: 'logs',
    before: [`docker run -d --name ${P}web ${P}crash`, wait],
    check: 'docker.container.logs',
    fields: { name: `${P}web` },
    expect: { lines: [{ $match: '^Listening' }] },
  },
  {
    code: 'container.restarting',
    variant: 'check',
    before: [
      `docker run -d --restart always --name ${P}web ${P}crash`,
      'sleep 3; for i in $(seq 60); do docker inspect -f "{{.State.Status}}" hrcapt-web | grep -q restarting && break; sleep 0.1; done',
    ],
    check: 'docker.container',
    fields: { name: `${P}web` },
    expect: running,
  },
  {
    code: 'container.killed',
    variant: 'kill',
    before: [up(`--name ${P}web`), wait, `docker kill ${P}web`],
    ...container(),
  },
  {
    code: 'container.killed',
    variant: 'term',
    before: [up(`--init --name ${P}web`, 'sleep 300'), wait, `docker kill -s TERM ${P}web`, wait],
    ...container(),
  },
  {
    code: 'container.killed',
    variant: 'memory',
    before: [
      `docker run -d --name ${P}web -m 24m --memory-swap 24m ${image} node -e "const a=[];for(;;)a.push(Buffer.alloc(1e6,1))"`,
      'sleep 4',
    ],
    ...container(),
  },
  {
    code: 'container.module-missing',
    variant: 'check',
    before: [`docker run -d --name ${P}web ${P}module`, wait],
    check: 'docker.container',
    fields: { name: `${P}web` },
    expect: running,
  },
  {
    code: 'container.module-missing',
    variant: 'http',
    before: [`docker run -d --name ${P}web -p ${host}:3000 ${P}module`, wait],
    ...page,
  },
  { code: 'container.module-missing', variant: 'run-rm', run: `docker run --rm ${P}module` },
  {
    code: 'container.module-missing',
    variant: 'package',
    run: `docker run --rm ${image} node -e "require('express')"`,
  },
  { code: 'container.running', variant: 'rm', before: [up(`--name ${P}web`)], run: `docker rm ${P}web` },
  { code: 'command.not-in-image', variant: 'run', run: up(`--name ${P}web`, 'yarnn --version') },
  { code: 'command.not-in-image', variant: 'folder', run: up(`--name ${P}web`, '/etc') },
  { code: 'command.not-in-image', variant: 'exec', before: [up(`--name ${P}web`)], run: `docker exec ${P}web zsh` },
  { code: 'command.not-in-image', variant: 'option', run: up(`--name ${P}web`, `-p ${host}:3000`) },
  { code: 'command.not-in-image', variant: 'check', before: [up(`--name ${P}web`, 'yarnn start')], ...container() },

  { code: 'http.refused', variant: 'check', ...page },
  { code: 'http.refused', variant: 'tcp', check: 'tcp', fields: { port: host } },
  { code: 'http.refused', variant: 'curl', run: `curl -sS http://localhost:${host}/items` },
  {
    code: 'http.refused',
    variant: 'node',
    files: { 'add.mjs': `await fetch('http://127.0.0.1:${host}/items')\n` },
    run: 'node add.mjs',
  },
  {
    code: 'http.refused',
    variant: 'neighbour',
    files: { 'server.js': server().replace('3000,', `${other},`) },
    background: ['node server.js'],
    ...page,
  },
  {
    code: 'http.status',
    variant: 'check',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    ...page,
    fields: { url: `${url(host)}item` },
  },
  {
    code: 'http.status',
    variant: 'curl',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    run: `curl -fsS http://localhost:${host}/item`,
  },
  {
    code: 'app.absolute-urls',
    variant: 'file',
    files: { 'app.js': script },
    check: 'file',
    fields: { path: 'app.js' },
    expect: { text: { $contains: "fetch('items'" } },
  },
  {
    code: 'app.proxy-urls',
    variant: 'file',
    files: { 'app.js': script.replaceAll('/items', '/proxy/3000/items') },
    check: 'file',
    fields: { path: 'app.js' },
    expect: { text: { $contains: "fetch('items'" } },
  },
  {
    code: 'app.proxy-urls',
    variant: 'twice',
    files: { 'app.js': script.replaceAll('/items', '/proxy/3000/proxy/3000/items') },
    check: 'file',
    fields: { path: 'app.js' },
    expect: { text: { $notMatch: "['`]/(items|proxy)" } },
  },

  {
    code: 'file.missing',
    variant: 'check-case',
    files: { 'app/dockerfile': dockerfile },
    check: 'dockerfile',
    fields: { path: 'app/Dockerfile' },
  },
  {
    code: 'file.missing',
    variant: 'check-extension',
    files: { 'app/Dockerfile.txt': dockerfile },
    check: 'file',
    fields: { path: 'app/Dockerfile' },
  },
  { code: 'file.missing', variant: 'check-none', check: 'file', fields: { path: 'todo/package.json' } },
  { code: 'file.missing', variant: 'node', ...inApp, run: 'node sever.js' },
  { code: 'file.missing', variant: 'cat', run: 'cat app.pid' },
  {
    code: 'file.in-wrong-folder',
    variant: 'check',
    files: { 'todo/getting-started-app/package.json': '{}' },
    cwd: 'todo',
    check: 'file',
    fields: { path: 'getting-started-app/package.json' },
  },
  { code: 'file.in-wrong-folder', variant: 'node', files: app, run: 'node server.js', paths: ['server.js'] },
  {
    code: 'file.in-wrong-folder',
    variant: 'sed',
    files: { 'app/src/static/app.js': script, 'app/app.js': script },
    run: "sed -i 's#/items#items#' app.js",
    paths: ['app.js'],
  },

  { code: 'never-existed', variant: 'container', check: 'docker.container', fields: { name: 'peek' }, gone: true },
  {
    code: 'state.mismatch',
    variant: 'image',
    check: 'docker.image',
    fields: { ref: image },
    expect: { config: { WorkingDir: '/srv' } },
  },
  {
    code: 'state.mismatch',
    variant: 'still-there',
    before: [up(`--name ${P}peek`)],
    check: 'docker.container',
    fields: { name: `${P}peek` },
    gone: true,
  },
  {
    code: 'state.mismatch',
    variant: 'healthy-logs',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    check: 'docker.container.logs',
    fields: { name: `${P}web` },
    expect: { lines: ['Ready'] },
  },
  {
    code: 'state.mismatch',
    variant: 'healthy-page',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    ...page,
    expect: { text: { $contains: 'Shopping' } },
  },
  {
    code: 'state.mismatch',
    variant: 'paused',
    before: [up(`--name ${P}web -p ${host}:3000`), wait, `docker pause ${P}web`],
    ...container(),
  },
  {
    code: 'state.mismatch',
    variant: 'should-have-stopped',
    before: [up(`--name ${P}web`), wait],
    ...container({ state: 'exited' }),
  },
  {
    code: 'state.mismatch',
    variant: 'port-free',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    check: 'tcp',
    fields: { port: host },
    not: true,
  },
  {
    code: 'state.mismatch',
    variant: 'json',
    files: app,
    check: 'file',
    fields: { path: 'getting-started-app/package.json' },
    expect: { json: { name: 'todo' } },
  },
  { code: 'command.failed', variant: 'exit', run: 'exit 3' },
  {
    code: 'command.failed',
    variant: 'grep',
    ...inApp,
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    run: 'grep -n proxy server.js',
  },
  { code: 'command.failed', variant: 'in-container', run: `docker run --rm ${image} sh -c 'exit 3'` },
  {
    code: 'command.failed',
    variant: 'mentions',
    files: { 'error.txt': 'Bind for 0.0.0.0:3000 failed: port is already allocated\n' },
    run: "grep -c 'no such text' error.txt",
  },

  ...both('none', 'build', { ...inApp, run: build, env: {} }),
  { code: 'none', variant: 'run', run: up(`--name ${P}web -p ${host}:3000`) },
  { code: 'none', variant: 'rm-force-missing', run: 'docker rm -f web' },
  { code: 'none', variant: 'no-images-found', run: 'docker images ls' },
  {
    code: 'none',
    variant: 'curl',
    before: [up(`--name ${P}web -p ${host}:3000`), wait],
    run: `curl -s http://127.0.0.1:${host}/`,
  },
]
