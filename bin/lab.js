#!/usr/bin/env node
// Old syntax on purpose: an old Node must get as far as the sentence that says so.
import fs from 'node:fs'
import module from 'node:module'

var version = process.versions.node.split('.').map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write('lab: Node.js 20.19 이상이 필요합니다. 지금은 ' + process.version + '입니다.\n')
  process.stderr.write('lab: Node.js 20.19 or newer is needed; this is ' + process.version + '.\n')
  process.exitCode = 3
} else if (!fs.existsSync(new URL('../dist/main.js', import.meta.url))) {
  process.stderr.write('lab: dist/ 폴더가 없습니다. 먼저 npm run build 를 실행하세요.\n')
  process.stderr.write('lab: there is no dist/ folder; run npm run build first.\n')
  process.exitCode = 3
} else {
  if (module.enableCompileCache) module.enableCompileCache()
  import('../dist/main.js').catch(error => {
    process.stderr.write('lab: ' + error.message + '\n')
    process.exitCode = 70
  })
}
