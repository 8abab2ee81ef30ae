module.exports = async function getItems({ db }) {
  return db.list()
}
