const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { afterEach, beforeEach, test } = require('node:test')
const db = require('../../src/persistence/sqlite')

const milk = { id: '7aef3d7c-d301-4846-8358-2a91ec9d6be3', name: "Buy 'milk'; <b>now</b> 우유", completed: false }

let folder
let file

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'todo-'))
  file = path.join(folder, 'not', 'there', 'yet', 'todo.db')
  process.env.SQLITE_DB_LOCATION = file
  await db.open()
})

afterEach(async () => {
  await db.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

test('starts with an empty list, in a folder that it makes', async () => {
  assert.deepEqual(await db.list(), [])
  assert.ok(fs.existsSync(file))
})

test('stores and finds items, in the order in which they came', async () => {
  const second = { id: '2', name: 'Drink it', completed: true }
  await db.insert(milk)
  await db.insert(second)
  assert.deepEqual(await db.list(), [milk, second])
  assert.deepEqual(await db.find('2'), second)
  assert.equal(await db.find('3'), undefined)
})

test('updates one item', async () => {
  await db.insert(milk)
  await db.insert({ ...milk, id: '2' })
  await db.update({ ...milk, name: 'Buy bread', completed: true })
  assert.deepEqual(await db.list(), [
    { id: milk.id, name: 'Buy bread', completed: true },
    { ...milk, id: '2' },
  ])
})

test('removes one item', async () => {
  await db.insert(milk)
  await db.insert({ ...milk, id: '2' })
  await db.remove(milk.id)
  assert.deepEqual(await db.list(), [{ ...milk, id: '2' }])
})

test('the items are still there after closing and opening', async () => {
  await db.insert(milk)
  await db.close()
  await db.open()
  assert.deepEqual(await db.list(), [milk])
  assert.deepEqual(fs.readdirSync(path.dirname(file)), ['todo.db'])
})

test('a file in the other format is refused in a sentence, and kept', async () => {
  await db.close()
  const isSqlite = fs.readFileSync(file, 'latin1').startsWith('SQLite format 3')
  const other = isSqlite ? '[]\n' : 'SQLite format 3\0 and so on'
  fs.writeFileSync(file, other)
  await assert.rejects(db.open(), {
    message: /^Cannot open the database at .*todo\.db: the file is .*SQLite.*move the file away/,
  })
  assert.equal(fs.readFileSync(file, 'utf8'), other)
})
