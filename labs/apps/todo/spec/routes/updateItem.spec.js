const assert = require('node:assert/strict')
const { test } = require('node:test')
const updateItem = require('../../src/routes/updateItem')

function dbWith(item) {
  const updates = []
  return {
    updates,
    find: async id => (id === item.id ? item : undefined),
    update: async next => void updates.push(next),
  }
}

const milk = { id: '1', name: 'Buy milk', completed: false }

test('stores the new name and state, and gives the item back', async () => {
  const db = dbWith(milk)
  const item = await updateItem({ db, id: '1', body: { name: 'Buy oat milk', completed: true } })
  assert.deepEqual(item, { id: '1', name: 'Buy oat milk', completed: true })
  assert.deepEqual(db.updates, [item])
})

test('keeps what the request leaves out', async () => {
  assert.deepEqual(await updateItem({ db: dbWith(milk), id: '1', body: { completed: true } }), {
    ...milk,
    completed: true,
  })
})

test('an unknown id is 404', async () => {
  await assert.rejects(updateItem({ db: dbWith(milk), id: '2', body: { completed: true } }), { status: 404 })
})

test('a state that is not true or false is 400, and nothing is stored', async () => {
  const db = dbWith(milk)
  await assert.rejects(updateItem({ db, id: '1', body: { completed: 'yes' } }), { status: 400 })
  assert.deepEqual(db.updates, [])
})
