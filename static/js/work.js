// Finds the number that solves a challenge. The first 32 bits of its hash are compared: enough for so few numbers.
onmessage = async ({ data: { algorithm, challenge, salt, signature, maxNumber } }) => {
  const text = new TextEncoder()
  const wanted = parseInt(challenge.slice(0, 8), 16)
  for (let number = 0; number <= maxNumber; number++) {
    const hash = await crypto.subtle.digest(algorithm, text.encode(salt + number))
    if (new DataView(hash).getUint32() !== wanted) continue
    postMessage(btoa(JSON.stringify({ algorithm, challenge, number, salt, signature })))
    return
  }
}
