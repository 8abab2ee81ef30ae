// Keeps the items in one file: a SQLite database where this Node.js brings node:sqlite (22.13 and newer), else JSON.

const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const sqliteHeader = 'SQLite format 3\0' // the first 16 bytes of every SQLite database

let store

async function open() {
  const file = process.env.SQLITE_DB_LOCATION || '/etc/todos/todo.db'
  const DatabaseSync = loadSqlite()
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    refuseOtherFormat(file, DatabaseSync !== undefined)
    store = DatabaseSync ? sqliteStore(new DatabaseSync(file)) : jsonStore(file)
  } catch (error) {
    throw new Error(`Cannot open the database at ${file}: ${error.message}`)
  }
  console.log(`Using sqlite database at ${file}`)
  if (!DatabaseSync) console.log(`(as JSON: Node.js ${process.version} comes without SQLite)`)
}

async function close() {
  store?.close()
  store = undefined
}

/** The class DatabaseSync, or undefined where this Node.js has none. */
function loadSqlite() {
  const { emitWarning } = process
  process.emitWarning = () => {} // node:sqlite announces itself as experimental, which would confuse in the log
  try {
    return require('node:sqlite').DatabaseSync
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function refuseOtherFormat(file, haveSqlite) {
  if (!fs.existsSync(file) || fs.statSync(file).size === 0) return
  const isSqlite = fs.readFileSync(file, 'latin1').startsWith(sqliteHeader)
  if (isSqlite && !haveSqlite) {
    throw new Error(
      `the file is a SQLite database, and Node.js ${process.version} comes without SQLite. ` +
        'Use Node.js 22.13 or newer, or move the file away to start with an empty list.',
    )
  }
  if (!isSqlite && haveSqlite) {
    throw new Error(
      'the file is not a SQLite database. An older Node.js may have written it as JSON: ' +
        'use that one again, or move the file away to start with an empty list.',
    )
  }
}

function sqliteStore(database) {
  database.exec('PRAGMA busy_timeout = 5000') // another container may be writing to the same volume
  database.exec('CREATE TABLE IF NOT EXISTS todo_items (id varchar(36), name varchar(255), completed boolean)')
  const toItem = row => ({ id: row.id, name: row.name, completed: row.completed === 1 })

  return {
    list: () => database.prepare('SELECT * FROM todo_items ORDER BY rowid').all().map(toItem),
    find: id => database.prepare('SELECT * FROM todo_items WHERE id = ?').all(id).map(toItem)[0],
    insert: ({ id, name, completed }) =>
      database
        .prepare('INSERT INTO todo_items (id, name, completed) VALUES (?, ?, ?)')
        .run(id, name, Number(completed)),
    update: ({ id, name, completed }) =>
      database.prepare('UPDATE todo_items SET name = ?, completed = ? WHERE id = ?').run(name, Number(completed), id),
    remove: id => database.prepare('DELETE FROM todo_items WHERE id = ?').run(id),
    close: () => database.close(),
  }
}

function jsonStore(file) {
  // Nothing is kept in memory, so two containers that share a volume see the same list.
  function read() {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
    if (text === '') return []
    let rows
    try {
      rows = JSON.parse(text)
    } catch {
      // said below
    }
    if (!Array.isArray(rows))
      throw new Error('the file does not hold a todo list. Move it away to start with an empty one.')
    return rows
  }

  // A rename is all or nothing: a crash half-way leaves the old list.
  function write(rows) {
    const temporary = `${file}.${randomUUID()}.tmp`
    try {
      fs.writeFileSync(temporary, `${JSON.stringify(rows, null, 2)}\n`)
      fs.renameSync(temporary, file)
    } finally {
      fs.rmSync(temporary, { force: true })
    }
  }

  write(read())
  return {
    list: read,
    find: id => read().find(row => row.id === id),
    insert: ({ id, name, completed }) => write([...read(), { id, name, completed }]),
    update: ({ id, name, completed }) => write(read().map(row => (row.id === id ? { id, name, completed } : row))),
    remove: id => write(read().filter(row => row.id !== id)),
    close: () => {},
  }
}

module.exports = {
  open,
  close,
  list: async () => store.list(),
  find: async id => store.find(id),
  insert: async item => void store.insert(item),
  update: async item => void store.update(item),
  remove: async id => void store.remove(id),
}
