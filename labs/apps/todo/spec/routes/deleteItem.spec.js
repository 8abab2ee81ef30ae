const assert = require('node:assert/strict')
const { test } = require('node:test')
const deleteItem = require('../../src/routes/deleteItem')

test('removes the item with this id', async () => {
  const removed = []
  await deleteItem({ db: { remove: async id => void removed.push(id) }, id: '1' })
  assert.deepEqual(removed, ['1'])
})
