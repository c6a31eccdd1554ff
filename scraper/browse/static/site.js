// "/" goes to the search box, the down and up arrows through the hits. Nothing needs this file.
"use strict"
{
  const box = () => document.querySelector("form[role=search] [name=q]")
  const hits = () => [...document.querySelectorAll(".hits h3 a")]

  const step = (event, from, by) => {
    const places = [box(), ...hits()]
    const next = places[places.indexOf(from) + by]
    if (places.length > 1 && next) {
      event.preventDefault()
      next.focus()
    }
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const at = event.target
    const isTyping = at.matches("input, textarea, select")
    if (event.key === "/" && !isTyping && box()) {
      event.preventDefault()
      box().focus()
      box().select()
    } else if (event.key === "ArrowDown" && (at === box() || at.matches(".hits h3 a"))) {
      step(event, at, 1)
    } else if (event.key === "ArrowUp" && at.matches(".hits h3 a")) {
      step(event, at, -1)
    }
  })
}
