const { checkName } = require('./addItem')

module.exports = async function updateItem({ db, id, body }) {
  const old = await db.find(id)
  if (!old) throw Object.assign(new Error(`There is no item ${id}.`), { status: 404 })

  const { name = old.name, completed = old.completed } = body
  checkName(name)
  if (typeof completed !== 'boolean') {
    throw Object.assign(new Error('"completed" must be true or false.'), { status: 400 })
  }
  const item = { id, name, completed }
  await db.update(item)
  return item
}
