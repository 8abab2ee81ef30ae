// Adds an item to the todo app that runs on this machine: node add.mjs "Buy milk"
const response = await fetch('http://127.0.0.1:3000/items', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ name: process.argv[2] ?? 'Something' }),
})
console.log(response.status, await response.text())
