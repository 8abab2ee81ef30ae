import { describe, expect, test } from 'vitest'
import {
  imagesOfDockerfile,
  imagesOfScript,
  imagesOfYaml,
  isKnowable,
  isPinned,
  wholeName,
} from '../../src/format/image-names.ts'
import { commandsIn } from '../../src/format/shell-words.ts'

describe('what a script pulls', () => {
  test.each([
    ['docker run nginx:1', 'nginx:1'],
    ['docker run -d -p 80:80 --name web nginx:1 sh -c "docker run x"', 'nginx:1'],
    ['docker run -dp 127.0.0.1:80:80 nginx:1', 'nginx:1'],
    ['docker run -dp80:80 nginx:1', 'nginx:1'],
    ['docker run --rm -it -e A=b -w /x -u 1 nginx:1', 'nginx:1'],
    ['docker run --rm -itv "$PWD:/x" nginx:1', 'nginx:1'],
    ['docker run --env=A=b --mount type=volume,src=a,target=/b nginx:1', 'nginx:1'],
    ['docker container run --network host nginx:1 && docker pull alpine:3', 'nginx:1 alpine:3'],
    ['sudo docker image pull --platform linux/amd64 alpine:3', 'alpine:3'],
    ['A=b docker create alpine:3 | tee x', 'alpine:3'],
    ['id=$(docker run -d nginx:1)', 'nginx:1'],
    ['docker run \\\n  -d \\\n  nginx:1 # docker run x', 'nginx:1'],
    ['docker run --format "{{json .}}" nginx:1', 'nginx:1'],
    ["docker ps --format '{{.Names}} docker run x'", ''],
    ['docker run -p {{ vars.port }}:80 nginx:1', 'nginx:1'],
    ['kind create cluster --image kindest/node:v1.33.0', 'kindest/node:v1.33.0'],
    ["cat > Dockerfile <<'EOF'\nFROM node:24\nRUN docker run x\nEOF\ndocker pull a:1", 'node:24 a:1'],
    ['docker rm -f web; docker stop nginx', ''],
    ['if true; then docker pull a:1; fi', 'a:1'],
    ['docker run', ''],
  ])('%s', (script, images) => {
    expect(imagesOfScript(script).pulls.join(' ')).toBe(images)
  })
})

test.each([
  ['docker build -t app:1 .', 'app:1'],
  ['docker buildx build --tag=app:1 --tag app:2 .', 'app:1 app:2'],
  ['docker tag app me/app:1', 'me/app:1'],
  ['docker commit box mine', 'mine'],
])('what a script makes: %s', (script, images) => {
  expect(imagesOfScript(script).makes.join(' ')).toBe(images)
})

test('a Dockerfile: stages, arguments, continued lines', () => {
  const text = `ARG TAG=24-alpine
FROM --platform=linux/amd64 node:\${TAG} AS deps
# FROM nothing
FROM deps as build
COPY --from=nginx:1.28 /a /b
COPY --from=deps /a /b
COPY --from=0 /a /b
FROM \\
  scratch
from $OTHER`
  expect(imagesOfDockerfile(text)).toEqual(['node:24-alpine', 'nginx:1.28', '$OTHER'])
})

test('YAML', () => {
  expect(
    imagesOfYaml('a:\n  - image: "nginx:1" # x\n  image: redis:8\n  # image: no\n  imagePullPolicy: Never'),
  ).toEqual(['nginx:1', 'redis:8'])
})

test.each([
  ['node', false],
  ['node:latest', false],
  ['node:lts-alpine', false],
  ['nginx:stable', false],
  ['nginx:stable-alpine', false],
  ['localhost:5000/node', false],
  ['node:', false],
  ['node:24-alpine', true],
  ['debian:bookworm-slim', true],
  ['localhost:5000/node:24', true],
  ['node@sha256:0123', true],
])('%s is pinned: %s', (image, pinned) => {
  expect(isPinned(image)).toBe(pinned)
})

test('names', () => {
  expect(wholeName('docker.io/library/node:24')).toBe('node:24')
  expect(wholeName('localhost:5000/a')).toBe('localhost:5000/a:latest')
  expect([isKnowable('$IMAGE'), isKnowable('<image>'), isKnowable('{{ vars.x }}'), isKnowable('a/b:c')]).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test('words of a shell', () => {
  expect(commandsIn(`a "b c" 'd"e' f\\ g; X=1 h | { i; } && (j "\\$k")`)).toEqual([
    ['a', 'b c', 'd"e', 'f g'],
    ['h'],
    ['i'],
    ['}'],
    ['j', '$k'],
  ])
})
