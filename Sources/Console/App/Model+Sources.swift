extension Model {
  /// Goes to the address in buckets that was typed.
  mutating func goToBucket(_ prompt: Prompt) -> [Effect] {
    guard let problem = sources.go(to: prompt.field.text) else {
      overlays.removeLast()
      return []
    }
    var prompt = prompt
    prompt.problem = problem
    setTop(.prompt(prompt))
    return []
  }
}
