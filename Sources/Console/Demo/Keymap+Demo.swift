extension Keymap {
  /// The keys of the demo, which count before those of the screen below it.
  static let demo: [Binding] = [
    at(
      .demo, [.space], .demo(.next), "on",
      "On to the next caption, or say what this one waits for.", hint: "on"),
    at(.demo, [.backspace], .demo(.back), "back", "Back to the caption before.", hint: "back"),
    at(
      .demo, ["p"], .demo(.togglePlay), "play by itself", "Play by itself, or stop that.",
      hint: "plays"),
    at(
      .demo, [.escape], .demo(.leave), "leave", "Leave the demo where it stands.", hint: "leave"),
  ]
}
