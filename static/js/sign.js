// While somebody fills in the form, a worker solves the small challenge that the form names. That never stands
// in the way: what is not solved in time is not sent, and without JavaScript the form is the same.
const GOOD_FOR = 18 * 60_000 // two minutes less than the challenge itself
const FAILED = 60_000

for (const form of document.querySelectorAll("form[data-challenge]")) {
  // made here, so that no browser that goes back puts used ones into the form again
  const [js, work] = ["js", "work"].map((name) => {
    const field = document.createElement("input")
    field.type = "hidden"
    field.name = name
    return form.appendChild(field)
  })
  let until = 0

  const begin = async () => {
    if (Date.now() < until || !crypto.subtle) return
    until = Date.now() + FAILED
    work.value = ""
    const answer = await fetch(form.dataset.challenge).catch(() => Response.error())
    if (!answer.ok) return
    const worker = new Worker(form.dataset.worker)
    worker.onmessage = ({ data }) => {
      work.value = data
      worker.terminate()
    }
    worker.postMessage(await answer.json())
    js.value = "1"
    until = Date.now() + GOOD_FOR
  }
  const renew = () => until && !document.hidden && begin()

  form.addEventListener("input", begin)
  document.addEventListener("visibilitychange", renew)
  setInterval(renew, FAILED)
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return
    until = 0
    js.value = work.value = ""
  })
}
