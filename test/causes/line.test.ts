import { describe, expect, test } from 'vitest'
import { dockerCalls, oddity, simpleCommands, values } from '../../src/causes/line.ts'

test.each<[line: string, commands: string[][]]>([
  ['docker ps', [['docker', 'ps']]],
  [
    'cd app && docker build -t todo .',
    [
      ['cd', 'app'],
      ['docker', 'build', '-t', 'todo', '.'],
    ],
  ],
  [
    'A=1 sudo docker ps | grep todo',
    [
      ['docker', 'ps'],
      ['grep', 'todo'],
    ],
  ],
  [
    'node src/index.js > app.log 2>&1 & echo $! > app.pid',
    [
      ['node', 'src/index.js'],
      ['echo', '$!'],
    ],
  ],
  [`curl -d '{"name":"Buy; milk"}' "http://x:1/a b"`, [['curl', '-d', '{"name":"Buy; milk"}', 'http://x:1/a b']]],
  ['docker run -d \\\n  todo', [['docker', 'run', '-d', 'todo']]],
  ['docker stop <컨테이너ID>', [['docker', 'stop']]],
  ['echo ""', [['echo', '']]],
  ['', []],
])('%j is read as simple commands', (line, commands) => {
  expect(simpleCommands(line)).toEqual(commands)
})

describe('docker calls', () => {
  test.each<[line: string, verb: string, args: string[], rest: string[]]>([
    ['docker run -d -p 3000:3000 todo', 'run', ['todo'], []],
    ['docker run -dp 3000:3000 todo -p 1:1', 'run', ['todo'], ['-p', '1:1']],
    ['docker container run --name=web --rm -it todo sh -c ls', 'run', ['todo'], ['sh', '-c', 'ls']],
    ['docker build -t my app .', 'build', ['app', '.'], []],
    ['docker buildx build --no-cache -t todo:1 ..', 'build', ['..'], []],
    ['docker exec -it web sh', 'exec', ['web'], ['sh']],
    ['docker image ls', 'ls', [], []],
    ['docker', '', [], []],
  ])('%j', (line, verb, args, rest) => {
    expect(dockerCalls(line)).toMatchObject([{ verb, args, rest }])
  })

  test('values of an option, under any of its names', () => {
    const [call] = dockerCalls('docker run -p 1:1 --publish 2:2 --publish=3:3 -dp4:4 todo')
    expect(values(call!, 'p', 'publish')).toEqual(['1:1', '2:2', '3:3', '4:4'])
  })
})

describe('what makes the shell read a line in another way', () => {
  test.each<[line: string, oddity: ReturnType<typeof oddity>]>([
    ['ㅇㅐ차ㄷㄱ ps', 'letters'],
    ['ｄｏｃｋｅｒ ps', 'letters'],
    ['docker\u3000ps', 'blank'],
    ['docker ps\u00a0-a', 'blank'],
    ['docker build -t “x” .', 'quotes'],
    ['cp -R "a b\n"', 'open'],
    ['curl -d \'{"name":"x"}\n\'', 'open'],
    ["node -e '\nconsole.log(1)\n'", null],
    ['curl -d \'{\n"name": "x"\n}\'', null],
    ['A = 1', 'assignment'],
    ['export A= "x"', 'assignment'],
    ['export A="x y" B=2', null],
    ['[ a = b ]', null],
    ['-p 3000:3000 x', 'broken'],
    ['docker run -d \\ ', 'broken'],
    ['docker run -d \\\n  x', null],
    ["sed -i.bak 's/No items/할 일이 없어요/' app.js", null],
    ['docker stop <컨테이너ID>', null],
    ['', null],
  ])('%j', (line, expected) => {
    expect(oddity(line)).toBe(expected)
  })
})
