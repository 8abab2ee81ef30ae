// Keeps the items in a MySQL server. Used only if MYSQL_HOST is set.

const fs = require('node:fs')
const net = require('node:net')
const { setTimeout: sleep } = require('node:timers/promises')

const port = 3306

let pool

async function open() {
  const mysql = loadDriver()
  const host = setting('MYSQL_HOST')
  await waitForPort(host, 10_000)

  pool = mysql.createPool({
    host,
    port,
    user: setting('MYSQL_USER'),
    password: setting('MYSQL_PASSWORD'),
    database: setting('MYSQL_DB'),
    charset: 'utf8mb4',
    connectionLimit: 5,
  })
  try {
    await pool.query(
      'CREATE TABLE IF NOT EXISTS todo_items (id varchar(36), name varchar(255), completed boolean) DEFAULT CHARSET utf8mb4',
    )
  } catch (error) {
    throw new Error(`Cannot use the mysql db at host ${host}: ${error.code} ${error.message}`)
  }
  console.log(`Connected to mysql db at host ${host}`)
}

async function close() {
  await pool?.end()
}

function loadDriver() {
  try {
    return require('mysql2/promise')
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    throw new Error(
      'MYSQL_HOST is set, but the package mysql2 is not installed: run `npm install mysql2` in the app first.',
    )
  }
}

/** The value of a variable, or the content of the file that NAME_FILE points to, such as a Docker secret. */
function setting(name) {
  const file = process.env[`${name}_FILE`]
  return file ? fs.readFileSync(file, 'utf8').trim() : process.env[name]
}

/** The database container usually needs longer to start than this app: try until it listens. */
async function waitForPort(host, milliseconds) {
  const deadline = Date.now() + milliseconds
  for (;;) {
    try {
      await connect(host, Math.max(1, deadline - Date.now()))
      return
    } catch (error) {
      if (Date.now() + 250 >= deadline) {
        const reason = error.message || error.code
        throw new Error(`Timed out after ${milliseconds / 1000} s of waiting for port ${port} of ${host}: ${reason}`)
      }
    }
    await sleep(250)
  }
}

function connect(host, milliseconds) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port })
    socket.setTimeout(milliseconds, () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}

const toItem = row => ({ id: row.id, name: row.name, completed: row.completed === 1 })

async function list() {
  const [rows] = await pool.query('SELECT * FROM todo_items')
  return rows.map(toItem)
}

async function find(id) {
  const [rows] = await pool.query('SELECT * FROM todo_items WHERE id = ?', [id])
  return rows.map(toItem)[0]
}

async function insert({ id, name, completed }) {
  await pool.query('INSERT INTO todo_items (id, name, completed) VALUES (?, ?, ?)', [id, name, completed])
}

async function update({ id, name, completed }) {
  await pool.query('UPDATE todo_items SET name = ?, completed = ? WHERE id = ?', [name, completed, id])
}

async function remove(id) {
  await pool.query('DELETE FROM todo_items WHERE id = ?', [id])
}

module.exports = { open, close, list, find, insert, update, remove }
