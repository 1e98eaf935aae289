// static/js/phone.js: what is typed stands on the phone as soon as it stands in the preview, and nothing is
// loaded anew. Without JavaScript the button "Show it on the phone" does that.
const phone = document.querySelector("iframe[name=phone]")
const preview = document.getElementById("preview")
const title = document.getElementById("id_title")

function show() {
  const page = phone.contentDocument
  const [heading, text] = ["h1", "article.prose"].map((place) => page?.querySelector(place))
  if (!heading || !text) return
  for (const part of [heading, text]) Object.assign(part, { lang: preview.lang, dir: preview.dir })
  heading.textContent = title.value
  text.replaceChildren(...[...preview.childNodes].map((node) => page.importNode(node, true)))
}

phone.addEventListener("load", show)
title.addEventListener("input", show)
document.body.addEventListener("htmx:afterSwap", show)
