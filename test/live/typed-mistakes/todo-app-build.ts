import { build, type Slips, slip, written } from './slip.ts'

const relative = 'sed -i.bak -E "s#([\'\\`])/items#\\1items#g" src/static/js/app.js'

/** The steps of todo-app up to the image. */
export const untilTheImage: Readonly<Record<string, Slips>> = {
  clone: {
    mistakes: [
      slip('a slip in git', 'gti clone {repository} getting-started-app', 'tool.missing', 'Did you mean git?'),
      slip(
        'a slip in clone',
        'git cloen {repository} getting-started-app',
        'git.unknown-command',
        'git has no command cloen',
      ),
      slip(
        'a slip in the address',
        'git clone {repository}t getting-started-app',
        'git.repository-not-found',
        'There is no repository that you may read at',
      ),
    ],
    right: ['git clone {repository} getting-started-app'],
  },
  dockerfile: {
    mistakes: [
      slip(
        'cloned twice',
        'git clone {repository} getting-started-app',
        'git.destination-exists',
        'is already there and not empty',
      ),
      slip(
        'another folder',
        written('Dockerfile'),
        'file.in-wrong-folder',
        'a file of that name is at Dockerfile',
        'rm Dockerfile',
        'cd getting-started-app',
      ),
      slip(
        'a small d',
        written('dockerfile'),
        'file.missing',
        'only dockerfile, whose name is nearly the same',
        'rm dockerfile',
      ),
      slip(
        'an editor that adds .txt',
        written('Dockerfile.txt'),
        'file.missing',
        'only Dockerfile.txt, whose name is nearly the same',
        'rm Dockerfile.txt',
      ),
      slip('saved without anything in it', 'touch Dockerfile', 'build.empty', 'Dockerfile is empty'),
      slip(
        'a slip in an instruction',
        written('Dockerfile', 'WORKDIR /app', 'WORKDIRR /app'),
        'build.unknown-instruction',
        'WORKDIRR on line 2 is not an instruction',
      ),
      slip(
        'curly quotes in CMD',
        written('Dockerfile', 'CMD ["node", "src/index.js"]', 'CMD [”node”, ”src/index.js”]'),
        'build.list-not-json',
        'is not valid JSON',
      ),
      slip(
        'yarn',
        written('Dockerfile', 'RUN npm install --omit=dev', 'RUN yarn install --production'),
        'state.mismatch',
        'it is yarn install --production',
      ),
    ],
    right: [written('Dockerfile')],
  },
  relative: {
    mistakes: [
      slip(
        'the folder above',
        ['cd ..', relative],
        'file.in-wrong-folder',
        'a file of that name is at getting-started-app/src/static/js/app.js',
        'cd getting-started-app',
      ),
      slip(
        'single quotes only',
        'sed -i.bak "s#\'/items#\'items#g" src/static/js/app.js',
        'app.absolute-urls',
        'still go to addresses that begin with /',
      ),
      slip(
        'the path of the proxy',
        'sed -i.bak -E "s#([\'\\`])/items#\\1/proxy/3000/items#g" src/static/js/app.js',
        'app.proxy-urls',
        'has the path of a proxy written into it',
        'git checkout src/static/js/app.js',
      ),
    ],
    right: [relative],
  },
  build: {
    mistakes: [
      slip(
        'a slip in build',
        'docker bulid -t getting-started .',
        'docker.unknown-command',
        'docker has no command bulid',
      ),
      slip(
        'no folder',
        'docker build -t getting-started',
        'build.context-missing',
        'was not told which folder to build',
      ),
      slip(
        'no blank before the dot',
        'docker build -t getting-started.',
        'build.context-missing',
        'was not told which folder to build',
      ),
      slip('capitals', 'docker build -t Getting-Started .', 'build.bad-tag', 'it has capital letters'),
      slip('a blank in the name', 'docker build -t getting started .', 'build.bad-tag', 'it has a blank'),
      slip('one dot too many', `${build}.`, 'build.wrong-folder', 'there is one in the folder you are in'),
      slip(
        'a slip in -f',
        'docker build -f DockerFile -t getting-started .',
        'build.no-dockerfile',
        'what is there is called Dockerfile',
      ),
      slip(
        'a slip in an option',
        'docker build -t getting-started --no-cahce .',
        'docker.unknown-flag',
        'has no option --no-cahce',
      ),
      slip(
        'an engine that is not there',
        `DOCKER_HOST=tcp://127.0.0.1:1 ${build}`,
        'engine.down',
        'The Docker engine (tcp://127.0.0.1:1) does not answer',
      ),
      slip(
        'a slip in the tag of FROM',
        `${written('Dockerfile', 'FROM node:24-alpine', 'FROM node:24-alpin')}; ${build}`,
        'build.base-not-found',
        'Did you mean node:24-alpine?',
      ),
      slip(
        'a slip in COPY',
        `${written('Dockerfile', 'COPY . .', 'COPY pakage.json .')}; ${build}`,
        'build.copy-missing',
        'pakage.json, which COPY wants, is not in the folder',
      ),
      slip(
        'a program that is not in the image',
        `${written('Dockerfile', 'RUN npm install --omit=dev', 'RUN yarn install')}; ${build}`,
        'build.run-failed',
        'the base image has no command yarn',
        written('Dockerfile'),
      ),
      slip(
        'a slip in the name',
        'docker build -t getting-strated .',
        'image.missing',
        'There is getting-strated, which looks alike',
      ),
    ],
    right: [build],
  },
}
