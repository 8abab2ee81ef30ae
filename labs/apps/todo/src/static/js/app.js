// The page of the todo app: plain browser JavaScript, nothing to install or to build.

const form = document.querySelector('#add')
const nameInput = document.querySelector('#name')
const addButton = document.querySelector('#add-button')
const problem = document.querySelector('#problem')
const container = document.querySelector('#items')

let items = []
let adding = false

// --- talking to the server ---------------------------------------------------

async function loadItems() {
  const response = await fetch('/items')
  return readJson(response)
}

async function createItem(name) {
  const response = await fetch('/items', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  return readJson(response)
}

async function saveItem(item) {
  const response = await fetch(`/items/${item.id}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: item.name, completed: item.completed }),
  })
  return readJson(response)
}

async function deleteItem(item) {
  const response = await fetch(`/items/${item.id}`, {
    method: 'DELETE',
  })
  checkStatus(response)
}

function readJson(response) {
  checkStatus(response)
  return response.json()
}

function checkStatus(response) {
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`)
}

// --- showing -----------------------------------------------------------------

function showAddForm() {
  addButton.textContent = adding ? 'Adding...' : 'Add Item'
  addButton.disabled = adding || nameInput.value.trim() === ''
}

function showItems() {
  if (items.length === 0) {
    container.innerHTML = `
      <p class="text-center">No items yet! Add one above!</p>
    `
    return
  }
  const list = document.createElement('ul')
  list.append(...items.map(createRow))
  container.replaceChildren(list)
}

function createRow(item) {
  const checkbox = document.createElement('input')
  checkbox.type = 'checkbox'
  checkbox.checked = item.completed

  const name = document.createElement('span')
  name.textContent = item.name // textContent, so that a name with <tags> stays a name

  const label = document.createElement('label')
  label.append(checkbox, name)

  const removeButton = document.createElement('button')
  removeButton.type = 'button'
  removeButton.className = 'remove'
  removeButton.textContent = '✕'
  removeButton.setAttribute('aria-label', `Remove ${item.name}`)

  const row = document.createElement('li')
  row.classList.toggle('completed', item.completed)
  row.append(label, removeButton)

  checkbox.addEventListener('change', async () => {
    checkbox.disabled = true
    await attempt('The item could not be changed', async () => {
      const saved = await saveItem({ ...item, completed: checkbox.checked })
      item.completed = saved.completed
    })
    checkbox.checked = item.completed
    row.classList.toggle('completed', item.completed)
    checkbox.disabled = false
    checkbox.focus()
  })

  removeButton.addEventListener('click', async () => {
    removeButton.disabled = true
    await attempt('The item could not be removed', async () => {
      await deleteItem(item)
      items = items.filter(other => other !== item)
      showItems()
      nameInput.focus()
    })
    removeButton.disabled = false
  })

  return row
}

/** Does something and, if it fails, says so above the list. */
async function attempt(complaint, action) {
  problem.textContent = ''
  try {
    await action()
  } catch (error) {
    problem.textContent = `${complaint}: ${error.message}`
  }
}

// --- starting ----------------------------------------------------------------

nameInput.addEventListener('input', showAddForm)

form.addEventListener('submit', async event => {
  event.preventDefault()
  const name = nameInput.value.trim()
  if (adding || name === '') return
  adding = true
  showAddForm()
  await attempt('The item could not be added', async () => {
    items = [...items, await createItem(name)]
    nameInput.value = ''
    showItems()
  })
  adding = false
  showAddForm()
})

async function start() {
  showAddForm()
  container.innerHTML = '<p class="text-center">Loading...</p>'
  await attempt('The items could not be loaded', async () => {
    items = await loadItems()
    showItems()
  })
}

void start()
