const { randomUUID } = require('node:crypto')

async function addItem({ db, body }) {
  checkName(body.name)
  const item = { id: randomUUID(), name: body.name, completed: false }
  await db.insert(item)
  return item
}

/** The column is varchar(255). */
function checkName(name) {
  if (typeof name === 'string' && name.trim() !== '' && [...name].length <= 255) return
  throw Object.assign(new Error('"name" must be a text of 1 to 255 characters.'), { status: 400 })
}

module.exports = { addItem, checkName }
