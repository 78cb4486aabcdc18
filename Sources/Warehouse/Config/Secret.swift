/// Text that must not be shown: it prints, describes and reflects as `•••`.
///
/// Only `reveal()` gives it away, so that a search for that word finds every use.
public struct Secret: Sendable, Equatable {
  private let text: String

  /// Hides `text`.
  public init(_ text: String) { self.text = text }

  /// The text itself. Never pass it to a log, an error, a screen or a process's arguments.
  public func reveal() -> String { text }

  /// Whether there is nothing to hide.
  public var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the same three dots, whatever the length.
  public var description: String { "•••" }
  /// The same dots.
  public var debugDescription: String { "•••" }
  /// Nothing to look into: `dump` shows the dots.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
