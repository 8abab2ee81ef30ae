const assert = require('node:assert/strict')
const { test } = require('node:test')
const getItems = require('../../src/routes/getItems')

test('gives all items as the database has them', async () => {
  const items = [
    { id: '1', name: 'Buy milk', completed: false },
    { id: '2', name: 'Drink it', completed: true },
  ]
  assert.deepEqual(await getItems({ db: { list: async () => items } }), items)
})
