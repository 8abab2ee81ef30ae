// Bundles the program into dist/. Nothing is written when it does not build.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = path.join(root, 'dist')

const result = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/cli/main.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  external: ['@lydell/node-pty'],
  // marked-terminal would bring all of highlight.js and a list of emoji; we use neither through it.
  alias: { 'cli-highlight': './src/terminal/highlight.ts', 'node-emoji': './scripts/no-emoji.mjs' },
  // CommonJS packages within the bundle.
  banner: { js: "import{createRequire as ownRequire}from'node:module';const require=ownRequire(import.meta.url);" },
  metafile: true,
  write: false,
  logLevel: 'warning',
})

const files = result.outputFiles.map(({ path: file, contents }) => ({ file, contents }))
files.push({ file: path.join(dist, 'THIRD-PARTY-LICENSES.txt'), contents: await licences(result.metafile) })
// The entry comes last, so that it never names a chunk that is not there yet.
files.sort((a, b) => Number(a.file.endsWith('main.js')) - Number(b.file.endsWith('main.js')))
await mkdir(path.join(dist, 'chunks'), { recursive: true })
for (const { file, contents } of files) await replace(file, contents)
await removeOld(new Set(files.map(({ file }) => file)))

/** Whole or not at all, for a `lab` that starts just now. */
async function replace(file, contents) {
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, contents)
  await rename(temporary, file)
}

/**
 * Chunks are named by their content: a `lab` that is running may still load those of the last build, so they stay a while,
 * but not in what is packed or installed.
 */
async function removeOld(current) {
  const hourAgo = process.env.npm_lifecycle_event === 'prepare' ? Number.POSITIVE_INFINITY : Date.now() - 3_600_000
  for (const name of await readdir(dist, { recursive: true })) {
    const file = path.join(dist, name)
    const { mtimeMs, isFile } = await stat(file).then(found => ({ mtimeMs: found.mtimeMs, isFile: found.isFile() }))
    if (isFile && !current.has(file) && mtimeMs < hourAgo) await rm(file, { force: true })
  }
}

/** Name, version and licence of every package that is in the bundle. */
async function licences(metafile) {
  const used = Object.values(metafile.outputs).flatMap(output =>
    Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
  )
  const folders = used.flatMap(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])
  const parts = []
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'))
    const texts = (await readdir(path.join(root, folder)))
      .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
      .sort()
    if (texts.length === 0) process.stderr.write(`build: ${name} ${version} (${license}) has no licence file\n`)
    const contents = await Promise.all(texts.map(file => readFile(path.join(root, folder, file), 'utf8')))
    parts.push([`${name} ${version} (${license})`, ...contents.map(text => text.trim())].join('\n\n'))
  }
  return `This program contains the following packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}
