import { type Learner, slip } from './slip.ts'

const startApp = 'node src/index.js > app.log 2>&1 & echo $! > app.pid'

export const firstSteps: Learner = {
  lab: 'first-steps',
  after: null,
  language: 'ko',
  shell: 'bash',
  steps: {
    get: {
      mistakes: [
        slip('the Korean keyboard', 'ㅣㄴ -ㅁ', 'shell.odd-letters', '한글 입력 상태로 입력해서'),
        slip('no -R', 'cp "{course}/apps/todo" todo', 'file.is-folder', '폴더인데'),
        slip('a slip in a path', 'cp -R "{course}/app/todo" todo', 'file.missing', '파일이나 폴더가 없어요'),
        slip('curly quotes', 'cp -R “{course}/apps/todo” todo', 'shell.curly-quotes', '둥근 따옴표'),
        slip('a quote left open', 'cp -R "{course}/apps/todo todo\r"', 'shell.open-quote', '그 줄에서 닫히지 않아'),
        slip(
          'the prompt copied',
          '$ cp -R "{course}/apps/todo" todo',
          'shell.placeholder',
          '프롬프트 $까지 함께 붙여 넣어서',
        ),
        slip(
          'another folder',
          ['mkdir tmp', 'cp -R "{course}/apps/todo" tmp/todo'],
          'file.in-wrong-folder',
          '같은 이름의 파일이 tmp/todo/package.json에 있어요',
          'rm -r tmp',
        ),
      ],
      right: ['cp -R "{course}/apps/todo" todo'],
    },
    start: {
      mistakes: [
        slip('a slip in a folder', 'cd tod', 'shell.folder-missing', '혹시 todo 폴더인가요?'),
        slip(
          'started without cd',
          [startApp, 'curl http://127.0.0.1:3000/'],
          'http.refused',
          '3000번 포트에서 요청을 받는 프로그램이 없어요',
          'rm app.log app.pid',
          'cd todo',
        ),
        slip(
          'blanks in an assignment',
          'export SQLITE_DB_LOCATION = "$PWD/data/todo.db"',
          'shell.blank-in-assignment',
          '앞이나 뒤에 빈칸이 있어서',
          'export SQLITE_DB_LOCATION="$PWD/data/todo.db"',
        ),
        slip('a slip in a file', 'node src/idnex.js', 'file.missing', 'src/idnex.js 파일이나 폴더가 없어요'),
        slip(
          'a file in another folder',
          'node index.js',
          'file.in-wrong-folder',
          '같은 이름의 파일이 src/index.js에 있어요',
        ),
      ],
      right: [startApp],
    },
    add: {
      mistakes: [
        slip(
          '../ forgotten',
          'node add.mjs "Buy milk"',
          'file.in-wrong-folder',
          '같은 이름의 파일이 ../add.mjs에 있어요',
        ),
        slip('a slip in node', 'ndoe ../add.mjs "Buy milk"', 'tool.missing', '혹시 node를 쓰려던 건가요?'),
        slip(
          'a digit lost',
          'curl http://127.0.0.1:300/items',
          'http.refused',
          '300번 포트에서 요청을 받는 프로그램이 없어요',
        ),
        slip(
          'started twice',
          'node src/index.js',
          'port.taken-by-process',
          '3000번 포트는 이미 이 컴퓨터의 node 프로세스',
        ),
        slip(
          'stopped too early',
          ['kill "$(cat app.pid)"; wait', 'curl http://127.0.0.1:3000/items'],
          'http.refused',
          '3000번 포트에서 요청을 받는 프로그램이 없어요',
          startApp,
        ),
      ],
      right: ['node ../add.mjs "Buy milk"'],
    },
    twice: {
      mistakes: [
        slip('another file name', 'node src/index.js 2> eror.txt', 'file.missing', '이름이 비슷한 eror.txt만 있어요'),
        slip('a slip in a file name', 'cat erorr.txt', 'file.missing', '이름이 비슷한 eror.txt만 있어요'),
        slip(
          'a blank before >',
          'node src/index.js 2 > error.txt',
          'state.mismatch',
          '맞는 줄이 하나도 없어요',
          'rm error.txt',
        ),
      ],
      right: ['node src/index.js 2> error.txt'],
    },
    stop: {
      mistakes: [
        slip('the file instead of the number', 'kill app.pid', 'shell.bad-process', 'app.pid는 번호가 아니에요'),
        slip('a slip in the file', 'kill $(cat app.pdi)', 'file.missing', '이름이 비슷한 app.pid만 있어요'),
        slip('a number of nobody', 'kill 4194399', 'shell.bad-process', '번호가 4194399인 프로세스는 지금 없어요'),
      ],
      right: ['kill "$(cat app.pid)"'],
    },
    needs: {
      mistakes: [
        slip('a slip in cat', 'caat missing.txt', 'tool.missing', '혹시 cat을 쓰려던 건가요?'),
        slip('a file that is not there yet', 'cat missing.txt', 'file.missing', 'missing.txt 파일이나 폴더가 없어요'),
        slip(
          'no redirection',
          "env PATH=/nowhere /bin/sh -c 'node src/index.js'",
          'file.missing',
          'todo/missing.txt 파일이나 폴더가 없어요',
        ),
      ],
      right: ["env PATH=/nowhere /bin/sh -c 'node src/index.js' 2> missing.txt"],
    },
  },
}
