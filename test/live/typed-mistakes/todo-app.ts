import { type Learner, removeLatest, run, slip } from './slip.ts'
import { untilTheImage } from './todo-app-build.ts'

const add = `curl -s http://127.0.0.1:3000/items -H 'Content-Type: application/json' -d '{"name":"Buy milk"}'`

export const todoApp: Learner = {
  lab: 'todo-app',
  after: null,
  language: 'en',
  shell: 'bash',
  steps: {
    ...untilTheImage,
    inside: {
      mistakes: [
        slip(
          'a slip in the image',
          'docker run --name peek getting-started:latset ls -a',
          'image.missing',
          'There is getting-started, which looks alike',
        ),
        slip('one hyphen', 'docker run -name peek getting-started ls -a', 'docker.unknown-flag', 'has no option -name'),
        slip(
          'the option after the image',
          'docker run getting-started --name peek ls -a',
          'command.not-in-image',
          'The option --name came after the image name',
          removeLatest,
        ),
        {
          ...slip(
            'the app in place of ls',
            'docker run --name peek getting-started',
            'state.mismatch',
            'lacks what was expected',
            'docker rm peek',
          ),
          ctrlCAt: 'Listening on port 3000',
        },
        slip(
          'a slip in ls',
          'docker run --name peek getting-started lss -a',
          'command.not-in-image',
          'There is no command lss in the container',
        ),
        slip(
          'a name that is taken',
          'docker run --name peek getting-started ls -a',
          'container.name-taken',
          'The name peek already belongs to another container',
          'docker rm peek',
        ),
      ],
      right: ['docker run --name peek getting-started ls -a'],
    },
    run: {
      mistakes: [
        slip(
          'no -p',
          'docker run -d getting-started',
          'port.not-published',
          'publishes no port to this machine',
          removeLatest,
        ),
        slip(
          'the port the wrong way round',
          'docker run -d -p 127.0.0.1:3000:80 getting-started',
          'port.wrong-way-round',
          'which leads to its port 80',
          removeLatest,
        ),
        slip(
          'one port only',
          'docker run -d -p 127.0.0.1:3000 getting-started',
          'port.bad-syntax',
          'Docker does not understand 127.0.0.1',
        ),
        slip(
          'a long dash',
          'docker run –d -p 127.0.0.1:3000:3000 getting-started',
          'image.bad-name',
          'it begins with a long dash',
        ),
        slip(
          'capitals',
          'docker run -d -p 127.0.0.1:3000:3000 Getting-Started',
          'image.bad-name',
          'it has capital letters',
        ),
        slip(
          'no image',
          'docker run -d -p 127.0.0.1:3000:3000',
          'docker.missing-argument',
          'lacks the name of the image',
        ),
        slip(
          'a special blank',
          'docker run -d -p\u00a0127.0.0.1:3000:3000 getting-started',
          'shell.odd-letters',
          'special blank',
        ),
        slip('a blank after the backslash', 'docker run -d \\ ', 'shell.broken-line', 'A blank follows the'),
        slip(
          'the rest of such a line',
          '-p 127.0.0.1:3000:3000 getting-started',
          'shell.broken-line',
          'begins with the option -p',
        ),
        slip(
          'a program that ends',
          'docker run -d -p 127.0.0.1:3000:3000 getting-started node src/main.js',
          'container.module-missing',
          'did not find /app/src/main.js',
          removeLatest,
        ),
        slip(
          'a port that a container has',
          ['docker run -d --name hrlive-web -p 127.0.0.1:3000:80 nginx:1.28-alpine', run],
          'port.taken-by-container',
          'is already used by the container hrlive-web',
          'docker rm -f hrlive-web $(docker ps -aq -n 1 --filter ancestor=getting-started)',
        ),
        slip(
          'a port that a program has',
          ["node -e \"require('http').createServer().listen(3000,'127.0.0.1')\" & server=$!", run],
          'port.taken-by-process',
          'is already used by the process node',
          'kill $server',
          removeLatest,
        ),
      ],
      right: [run],
    },
    add: {
      mistakes: [
        slip('a slip in curl', 'crul -s http://127.0.0.1:3000/items', 'tool.missing', 'Did you mean curl?'),
        slip(
          'curly quotes',
          `curl -s http://127.0.0.1:3000/items -H ‘Content-Type: application/json’ -d ‘{"name":"Buy milk"}’`,
          'shell.curly-quotes',
          'There is a curly quote',
        ),
      ],
      right: [add],
    },
    ps: {
      mistakes: [
        slip('a slip in the name', 'docker rm peak', 'container.missing', 'Did you mean the container peek?'),
        slip('exec where nothing runs', 'docker exec -it peek sh', 'container.exited', 'has ended with exit code 0'),
        slip('rmi for rm', 'docker rmi peek', 'image.missing', 'There is no image peek'),
        slip(
          'the wrong one, which runs',
          'docker rm {run.container}',
          'container.running',
          'still runs, so it cannot be removed',
        ),
        slip('a word for rm', 'docker delete peek', 'docker.unknown-command', 'Did you mean docker rm?'),
      ],
      right: ['docker rm peek'],
    },
    logs: {
      mistakes: [
        slip('a placeholder', 'docker logs <container-id>', 'shell.placeholder', 'stands for a value of your own'),
        slip('a slip in logs', 'docker log {run.container}', 'docker.unknown-command', 'Did you mean docker logs?'),
        slip('no name', 'docker restart', 'docker.missing-argument', 'docker restart lacks the name'),
        slip(
          'a context that is not there',
          ['export DOCKER_CONTEXT=labs', 'docker restart {run.container}'],
          'engine.wrong-context',
          'Docker is told to use the context labs',
          'unset DOCKER_CONTEXT',
        ),
      ],
      right: ['docker restart {run.container}'],
    },
  },
}
