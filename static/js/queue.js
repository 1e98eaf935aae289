// Keys for the queue: j and k move, a approves, r rejects on the ground of a digit,
// q asks the question of a digit, u undoes, ? tells of them.
// Each presses a button of the page, so that nothing can be done by keys alone.
const OFF = "keys are off"
const help = document.getElementById("keys")
const open = document.querySelector("[data-opens=keys]")
const use = help.querySelector("input[type=checkbox]")
let then = null

const rows = () => [...document.querySelectorAll("#rows > article:not([aria-busy])")]
const selected = () => document.querySelector("#rows > article[aria-current]:not([aria-busy])")
const isBusy = () => document.querySelector("#rows > [aria-busy]") !== null

function select(row, { focus = true } = {}) {
  document.querySelector("#rows > [aria-current]")?.removeAttribute("aria-current")
  if (!row) return
  row.setAttribute("aria-current", "true")
  if (focus) row.focus()
  row.scrollIntoView({ block: "nearest" })
}

function move(by) {
  const all = rows()
  const at = all.indexOf(selected())
  select(all[Math.min(Math.max(at + by, 0), all.length - 1)])
}

function leave(row) {
  const all = rows()
  const at = all.indexOf(row)
  row.setAttribute("aria-busy", "true")
  select(all[at + 1] ?? all[at - 1])
}

function press(row, act) {
  row?.querySelector(`button[value=${act}]`)?.click()
}

function unfold(row, part) {
  close(row)
  const opened = row?.querySelector(`details.${part}`)
  if (!opened) return
  opened.open = true
  opened.querySelector("input[type=radio]").focus()
}

function choose(row, number) {
  const opened = row?.querySelector("details[open]")
  const choice = opened?.querySelectorAll("input[type=radio]")[number - 1]
  if (!choice) return
  choice.checked = true
  if (choice.value === "other") opened.querySelector("textarea").focus()
  else press(opened, choice.name === "topic" ? "ask" : "reject")
}

function close(row) {
  const opened = row?.querySelector("details[open]")
  if (!opened) return
  opened.open = false
  row.focus()
}

function undo() {
  if (isBusy()) then = undo
  else document.querySelector("#said form button")?.click()
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => press(selected(), "approve"),
  r: () => unfold(selected(), "reasons"),
  q: () => unfold(selected(), "question"),
  u: undo,
  "?": () => help.showModal(),
}

// on a keyboard of another script: the letter or digit that is printed there on a Latin one
function pressed({ key, code }) {
  if (key === "؟") return "?"
  return key.length === 1 && key > "~" ? code.replace(/^(Key|Digit)/, "").toLowerCase() : key
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return
  const row = selected()
  if (event.key === "Escape") return close(row)
  if (!use.checked || event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return
  const key = pressed(event)
  if (!keys[key] && !/^[1-9]$/.test(key)) return
  if (event.repeat && key !== "j" && key !== "k") return
  event.preventDefault()
  if (keys[key]) keys[key]()
  else choose(row, Number(key))
})

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#rows > article")
  if (row && !row.hasAttribute("aria-current")) select(row, { focus: false })
})

document.addEventListener("submit", ({ target }) => {
  const row = target.closest("#rows > article")
  if (row) leave(row)
})

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail
  if (new URL(xhr.responseURL).pathname === new URL(requestConfig.path, location).pathname) return
  event.detail.shouldSwap = false // somebody has to sign in again
  location.reload()
})

document.addEventListener("htmx:afterRequest", ({ detail: { successful, requestConfig, xhr } }) => {
  const wrong = xhr.status === 422 && document.querySelector("#rows [aria-invalid]")
  if (xhr.status === 403 || xhr.status === 404) {
    location.reload() // signed out, or no moderator any more: the page says so
  } else if (!successful && !wrong) {
    for (const row of document.querySelectorAll("#rows > [aria-busy]")) row.removeAttribute("aria-busy")
    document.getElementById("said").textContent = help.dataset.failed
  } else if (wrong) {
    select(wrong.closest("article"), { focus: false })
    wrong.focus()
  } else if (requestConfig.path.endsWith("/undo/") || requestConfig.verb === "get") {
    select(rows()[0])
  } else if (!isBusy() && rows().length === 0) {
    const more = { target: "#rows", select: "#rows", swap: "outerHTML" }
    htmx.ajax("GET", location.pathname, more).then(() => {
      select(rows()[0])
      htmx.trigger("#claiming", "claim")
    })
  }
  if (then && !isBusy()) then = then() ?? null
})

open.hidden = false
open.addEventListener("click", () => help.showModal())
use.checked = localStorage.getItem(OFF) === null
use.addEventListener("change", () => (use.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")))
select(rows()[0], { focus: false })
