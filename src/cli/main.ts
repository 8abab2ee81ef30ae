import pkg from '../../package.json' with { type: 'json' }

const [first] = process.argv.slice(2)
if (first === '--version' || first === '-V') process.stdout.write(`${pkg.version}\n`)
else await start()

async function start(): Promise<void> {
  try {
    const { run } = await import('./program.ts')
    process.exitCode = await run(process.argv.slice(2))
  } catch (error) {
    const { reportBug } = await import('./bug.ts')
    process.exitCode = await reportBug(error)
  }
}
