// A button with data-copy copies that text, one with data-copy-from the text of the element it names.
// Without JavaScript they stay hidden.
for (const button of document.querySelectorAll("button[data-copy], button[data-copy-from]")) {
  button.hidden = false
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copyFrom)
    await navigator.clipboard.writeText(source ? source.textContent : button.dataset.copy)
    button.textContent = button.dataset.done
  })
}
