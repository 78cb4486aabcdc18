/// One caption of the demo, and what leads to what it shows.
///
/// A step stands by itself: its moves lead there from any screen, so that one can go back to it.
struct DemoStep: Sendable {
  /// A look at the model.
  typealias Condition = @Sendable (Model) -> Bool

  /// A few words.
  let title: String
  /// Two or three plain sentences; what they may say can depend on what is shown.
  let text: @Sendable (Model) -> String
  /// In order. Each waits for the one before it.
  let moves: [DemoMove]
  /// What it waits for once the moves are made: "the run to end".
  let waitsFor: String
  /// Whether what it shows is there.
  let isShown: Condition
  /// Whether that will not come.
  let hasFailed: Condition
  /// Whether there is nothing to show, so that the step is passed over.
  let isLeftOut: Condition

  init(
    _ title: String, text: @escaping @Sendable (Model) -> String, moves: [DemoMove],
    waitsFor: String, isShown: @escaping Condition, hasFailed: @escaping Condition = { _ in false },
    isLeftOut: @escaping Condition = { _ in false }
  ) {
    (self.title, self.text, self.moves, self.waitsFor) = (title, text, moves, waitsFor)
    (self.isShown, self.hasFailed, self.isLeftOut) = (isShown, hasFailed, isLeftOut)
  }

  /// No caption is longer, so that at 80 columns it takes three rows.
  static let longestText = 205
}

/// One thing that the demo does. All of it a person could do: actions, keys and text go the same way.
enum DemoMove: Sendable {
  /// An action, where the condition holds.
  case act(Action, if: DemoStep.Condition = { _ in true })
  /// The action again and again until the condition holds; not for ever.
  case again(Action, until: DemoStep.Condition)
  /// Nothing until the condition holds.
  case wait(until: DemoStep.Condition)
  /// A text, letter by letter, where the condition holds before the first.
  case type(String, if: DemoStep.Condition = { _ in true })
  /// A key, where the condition holds.
  case press(Key, if: DemoStep.Condition = { _ in true })

  /// An action is repeated so often at most.
  static let mostRepeats = 100
}
