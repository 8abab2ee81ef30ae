import {
  app,
  both,
  bridge,
  dockerfile,
  image,
  inApp,
  build as line,
  P,
  service,
  services,
  withDockerfile,
} from './parts.mjs'

const dockerfileCheck = {
  check: 'dockerfile',
  fields: { path: 'getting-started-app/Dockerfile' },
  expect: { instructions: [{ WORKDIR: '/app' }] },
}

export const build = [
  ...both('build.wrong-folder', 'parent', { files: app, run: line }),
  ...both('build.wrong-folder', 'sibling', {
    files: { ...app, '00_Setup/README.md': 'x' },
    cwd: 'getting-started-app',
    run: `docker build -t ${image} ../00_Setup/.`,
  }),
  ...both('build.folder-missing', 'near', { files: app, run: `docker build -t ${image} getting-started-ap` }),
  ...both('build.no-dockerfile', 'none', { files: { 'app/server.js': 'x' }, cwd: 'app', run: line }),
  ...both('build.no-dockerfile', 'extension', { files: { 'app/Dockerfile.txt': dockerfile }, cwd: 'app', run: line }),
  ...both('build.no-dockerfile', 'named', { ...inApp, run: `docker build -f Dockerfil -t ${image} .` }),
  ...both('build.context-missing', 'dot', { ...inApp, run: `docker build -t ${image}` }),
  ...both('build.bad-tag', 'capital', { ...inApp, run: 'docker build -t Getting-Started .' }),
  ...both('build.bad-tag', 'hangul', { ...inApp, run: 'docker build -t 할일 .' }),
  ...both('build.bad-tag', 'blank', { ...inApp, run: 'docker build -t getting started .' }),
  ...both('build.unknown-instruction', 'form', { ...withDockerfile(dockerfile.replace('FROM', 'FORM')), run: line }),
  ...both('build.unknown-instruction', 'npm', {
    ...withDockerfile(dockerfile.replace('CMD', 'npm install\nCMD')),
    run: line,
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
    run: line,
  }),
  ...both('build.base-not-found', 'name-offline', {
    ...withDockerfile(dockerfile.replace('node:24-alpine', 'ngnix:1.28')),
    run: line,
  }),
  ...both('build.run-failed', 'yarn', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN yarnn install --production\nCMD')),
    run: line,
  }),
  ...both('build.run-failed', 'exit', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN ls /nothing\nCMD')),
    run: line,
  }),
  ...both('build.offline', 'npm', {
    ...withDockerfile(
      dockerfile.replace('CMD', 'RUN npm install --fetch-retries=0 --registry=http://registry.invalid left-pad\nCMD'),
    ),
    run: line,
  }),
  ...both('build.copy-missing', 'case', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'COPY Server.js .')),
    run: line,
  }),
  ...both('build.copy-missing', 'outside', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'COPY ../shared ./')),
    run: line,
  }),
  ...both('build.empty', 'file', { ...withDockerfile(''), run: line }),
  {
    code: 'build.empty',
    variant: 'check',
    ...withDockerfile('\n'),
    check: 'dockerfile',
    fields: { path: 'getting-started-app/Dockerfile' },
    expect: { instructions: [{ WORKDIR: '/app' }] },
  },
  ...both('build.folder-missing', 'none', { ...inApp, run: `docker build -t ${image} app` }),
  ...both('build.run-failed', 'not-found', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN apk add curl\nCMD')),
    run: line,
  }),
  ...both('build.offline', 'curl', {
    ...withDockerfile('FROM alpine:3.22\nRUN curl -sSO https://deb.nodesource.invalid/setup.sh\n'),
    run: line,
  }),
  ...both('build.npm-file-missing', 'package', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'RUN npm run build\nCOPY . .')),
    run: line,
  }),
  ...both('build.npm-file-missing', 'lock', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN npm ci\nCMD')),
    run: line,
  }),
  ...both('build.package-not-found', 'npm', {
    background: [services('http')],
    ...withDockerfile(
      dockerfile.replace('CMD', `RUN npm install --registry=http://${bridge}:${service} left-padd\nCMD`),
    ),
    run: line,
  }),
  ...both('build.package-not-found', 'apt', {
    ...withDockerfile(dockerfile.replace('CMD', 'RUN apt-get install -y curll\nCMD')),
    run: line,
  }),
  ...both('build.copy-ignored', 'file', {
    ...withDockerfile(dockerfile.replace('COPY . .', 'COPY package.json .')),
    more: { 'getting-started-app/.dockerignore': 'node_modules\n*.json\n' },
    run: line,
  }),
  ...both('build.no-from', 'workdir', { ...withDockerfile(dockerfile.replace(/FROM.*\n/, '')), run: line }),
  {
    code: 'build.no-from',
    variant: 'check',
    ...withDockerfile(dockerfile.replace(/FROM.*\n/, '')),
    ...dockerfileCheck,
  },
  ...both('build.bad-arguments', 'from', { ...withDockerfile(dockerfile.replace('node:', 'node ')), run: line }),
  ...both('build.bad-arguments', 'copy', { ...withDockerfile(dockerfile.replace('. .', '.')), run: line }),
  ...both('build.bad-arguments', 'expose', {
    ...withDockerfile(dockerfile.replace('EXPOSE 3000', 'EXPOSE')),
    run: line,
  }),
  ...both('build.bad-arguments', 'env', {
    ...withDockerfile(dockerfile.replace('EXPOSE 3000', 'ENV PORT')),
    run: line,
  }),
  {
    code: 'build.bad-arguments',
    variant: 'check',
    ...withDockerfile(dockerfile.replace('. .', '.')),
    ...dockerfileCheck,
  },
  {
    code: 'build.list-not-json',
    variant: 'check',
    ...withDockerfile(dockerfile.replace('"server.js"]', 'server.js]')),
    ...dockerfileCheck,
    expect: { instructions: [{ CMD: ['node', 'server.js'] }] },
  },
  ...both('command.bad-format', 'cpu', { ...withDockerfile(`FROM ${P}arm\nRUN npm install\n`), run: line }),
  ...both('command.bad-format', 'script', { ...withDockerfile(`FROM ${P}formats\nRUN ["/start.sh"]\n`), run: line }),
  ...both('disk.full', 'run', {
    ...withDockerfile('FROM alpine:3.22\nRUN dd if=/dev/zero of=/dev/full bs=1k count=1\n'),
    run: line,
  }),
]
