const fs = require('node:fs/promises')
const http = require('node:http')
const path = require('node:path')
const db = require('./persistence')
const getItems = require('./routes/getItems')
const { addItem } = require('./routes/addItem')
const updateItem = require('./routes/updateItem')
const deleteItem = require('./routes/deleteItem')

const routes = {
  'GET /items': getItems,
  'POST /items': addItem,
  'PUT /items/:id': updateItem,
  'DELETE /items/:id': deleteItem,
}

const staticFolder = path.join(__dirname, 'static')
const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}
const maxBodyBytes = 100 * 1024

const server = http.createServer(async (request, response) => {
  try {
    await answer(request, response)
  } catch (error) {
    if (response.destroyed) return // the browser went away: nobody is left to answer
    if (!error.status) console.error(error)
    const message = error.status ? error.message : 'Something went wrong. The log of the app says more.'
    sendJson(response, error.status ?? 500, { error: message })
  }
})

async function answer(request, response) {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const pathname = decodePath(request.url.split('?')[0])
  const id = pathname.startsWith('/items/') ? pathname.slice('/items/'.length) : undefined
  const route = routes[`${method} ${id === undefined ? pathname : '/items/:id'}`]

  if (route) {
    const body = method === 'POST' || method === 'PUT' ? await readJson(request) : undefined
    const result = await route({ db, id, body })
    if (result === undefined) send(response, 200, 'text/plain; charset=utf-8', 'OK')
    else sendJson(response, 200, result)
    return
  }

  const file = method === 'GET' ? await readStaticFile(pathname) : undefined
  if (!file) throw problem(404, `There is nothing at ${request.method} ${pathname}.`)
  send(response, 200, file.type, file.content)
}

/** An error that is told to whoever sent the request, with this HTTP status. */
function problem(status, message) {
  return Object.assign(new Error(message), { status })
}

function decodePath(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    throw problem(400, 'The address is not encoded correctly.')
  }
}

async function readJson(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
  }
  if (size > maxBodyBytes) throw problem(413, 'The request is too large.')

  let body
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    // said below
  }
  if (typeof body !== 'object' || body === null) throw problem(400, 'Send JSON such as {"name": "Buy milk"}.')
  return body
}

async function readStaticFile(pathname) {
  const file = path.join(staticFolder, pathname === '/' ? 'index.html' : pathname)
  if (!file.startsWith(staticFolder + path.sep) || file.includes('\0')) return undefined
  try {
    const content = await fs.readFile(file)
    return { content, type: contentTypes[path.extname(file)] ?? 'application/octet-stream' }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(error.code)) return undefined
    throw error
  }
}

function sendJson(response, status, value) {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value))
}

function send(response, status, type, content) {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(content),
    'Cache-Control': 'no-cache', // so that a changed file is seen after a plain reload
  })
  response.end(content)
}

async function start() {
  await db.open()
  // A taken port is not handled on purpose: Node.js itself reports EADDRINUSE and exits with 1.
  server.listen(Number(process.env.PORT || 3000), () => {
    console.log(`Listening on port ${server.address().port}`)
  })
}

/** Process 1 of a container gets no default signal handling, so without this `docker stop` would take 10 seconds. */
async function stop() {
  setTimeout(() => process.exit(0), 2000) // even if the database does not answer any more
  await db.close().catch(() => {})
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGUSR2']) process.once(signal, stop)

start().catch(error => {
  console.error(String(error))
  process.exit(1)
})
