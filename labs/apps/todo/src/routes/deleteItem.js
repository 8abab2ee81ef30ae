/** Removing an item that is already gone is fine: the result is what was asked for. */
module.exports = async function deleteItem({ db, id }) {
  await db.remove(id)
}
