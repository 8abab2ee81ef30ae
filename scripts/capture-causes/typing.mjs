import { app } from './parts.mjs'

const nbsp = '\u00a0'
/** The older programs write what they do not know in escapes: the line tells. */
export const typing = [
  { code: 'shell.odd-letters', variant: 'hangul', run: 'ㅇㅐ차ㄷㄱ ps' },
  { code: 'shell.odd-letters', variant: 'hangul-short', run: 'ㅣㄴ -ㅁ' },
  { code: 'shell.odd-letters', variant: 'wide', run: 'ｄｏｃｋｅｒ ps' },
  { code: 'shell.odd-letters', variant: 'wide-blank', run: 'docker\u3000ps' },
  { code: 'shell.odd-letters', variant: 'blank', run: `docker ps${nbsp}-a` },
  { code: 'tool.missing', variant: 'sudo', run: 'sudo docker ps' },
  { code: 'shell.curly-quotes', variant: 'cp', files: app, run: 'cp -R “getting-started-app” todo' },
  { code: 'shell.curly-quotes', variant: 'cd', files: app, run: 'cd “getting-started-app”' },
  { code: 'shell.curly-quotes', variant: 'docker', run: 'docker run -d -p “47300:3000” nginx:1.28-alpine' },
  { code: 'shell.open-quote', variant: 'next-line', files: app, run: 'cp -R "getting-started-app todo\n"' },
  { code: 'shell.open-quote', variant: 'end', run: 'echo "Buy milk' },
  { code: 'shell.blank-in-assignment', variant: 'export', run: 'export SQLITE_DB_LOCATION = "$PWD/data/todo.db"' },
  { code: 'shell.blank-in-assignment', variant: 'plain', run: 'PORT = 3000' },
  { code: 'shell.broken-line', variant: 'option', run: ' -p 47300:3000 nginx:1.28-alpine' },
  { code: 'shell.broken-line', variant: 'blank', run: 'docker run -d \\ ' },
  { code: 'file.is-folder', variant: 'cp', files: app, run: 'cp getting-started-app todo' },
  { code: 'file.is-folder', variant: 'cat', files: app, run: 'cat getting-started-app' },
  { code: 'file.is-folder', variant: 'rm', files: app, run: 'rm getting-started-app' },
  { code: 'shell.bad-process', variant: 'name', run: 'kill app.pid' },
  { code: 'shell.bad-process', variant: 'gone', run: 'kill 4194399' },
  { code: 'shell.bad-process', variant: 'none', run: 'kill' },
]
