const assert = require('node:assert/strict')
const { test } = require('node:test')
const { addItem } = require('../../src/routes/addItem')

function emptyDb() {
  const stored = []
  return { stored, insert: async item => void stored.push(item) }
}

test('stores a new item that is not completed, and gives it back', async () => {
  const db = emptyDb()
  const item = await addItem({ db, body: { name: '우유 사기' } })
  assert.match(item.id, /^[0-9a-f-]{36}$/)
  assert.deepEqual(item, { id: item.id, name: '우유 사기', completed: false })
  assert.deepEqual(db.stored, [item])
})

test('gives every item its own id', async () => {
  const db = emptyDb()
  await addItem({ db, body: { name: 'same' } })
  await addItem({ db, body: { name: 'same' } })
  assert.notEqual(db.stored[0].id, db.stored[1].id)
})

for (const name of [undefined, '', '   ', 7, 'x'.repeat(256)]) {
  test(`refuses the name ${JSON.stringify(name)?.slice(0, 10)}`, async () => {
    const db = emptyDb()
    await assert.rejects(addItem({ db, body: { name } }), { status: 400 })
    assert.deepEqual(db.stored, [])
  })
}
