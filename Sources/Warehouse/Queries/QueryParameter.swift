/// A parameter of a saved query, as its header declares it.
public struct QueryParameter: Sendable, Equatable {
  /// What kind of value it takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// Any text.
    case text
    /// A whole number.
    case integer
    /// A number.
    case number
    /// A date: `2018-11-30`.
    case date
    /// A date and a time, in UTC: `2018-11-30 20:57:10`.
    case timestamp
    /// `true` or `false`.
    case boolean
  }

  /// Its name: `:name` in the SQL.
  public let name: String
  /// What kind of value it takes.
  public let kind: Kind
  /// The values to choose from; empty when any will do.
  public let choices: [String]
  /// The value when none is given; nil when one must be.
  public let standard: String?

  /// The value of `text` as it travels to the server.
  ///
  /// - Throws: `.usage` when it is of another kind, or none of the choices.
  public func value(_ text: String) throws(WarehouseError) -> Parameter {
    guard choices.isEmpty || choices.contains(text) else {
      throw refusal(of: text, "Choose \(choices.joined(separator: ", ")).")
    }
    switch kind {
    case .text: return .text(text)
    case .integer:
      guard let number = Int64(text) else { throw refusal(of: text, "Give a whole number.") }
      return .declared(String(number), .integer)
    case .number:
      guard let number = Double(text), number.isFinite else {
        throw refusal(of: text, "Give a number.")
      }
      // As it was written: a binary number has no 0.1.
      let isPlain = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
      return .declared(isPlain ? text : String(number), .number)
    case .date:
      guard CalendarDate.isValid(text) else {
        throw refusal(of: text, "Give a date that there is, like 2018-11-30.")
      }
      return .declared(text, .date)
    case .timestamp:
      guard CalendarDate.isValidTime(text) else {
        throw refusal(of: text, "Give a date and a time, like 2018-11-30 20:57:10.")
      }
      return .declared(text, .timestamp)
    case .boolean:
      guard let flag = ["true": true, "false": false][text.lowercased()] else {
        throw refusal(of: text, "Give true or false.")
      }
      return .declared(flag ? "t" : "f", .boolean)
    }
  }

  private func refusal(of text: String, _ hint: String) -> WarehouseError {
    WarehouseError(.usage, "\(name) cannot be \"\(text)\"", hint: hint)
  }
}

/// Dates as people type them, on our calendar.
private enum CalendarDate {
  /// Whether there is such a day.
  static func isValid(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let lengths = parts.map(\.utf8.count)
    guard lengths == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else {
      return false
    }
    let (year, month, day) = (Int(parts[0]) ?? 0, Int(parts[1]) ?? 0, Int(parts[2]) ?? 0)
    guard year > 0, (1...12).contains(month) else { return false }
    return (1...days(in: month, of: year)).contains(day)
  }

  /// Whether it is a day, and a time of it where one is given.
  static func isValidTime(_ text: String) -> Bool {
    let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "T" }
    guard let day = parts.first, isValid(day) else { return false }
    guard parts.count == 2 else { return true }
    guard let match = parts[1].wholeMatch(of: /(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?/) else {
      return false
    }
    let seconds = match.output.3.flatMap { Int($0) } ?? 0
    return (Int(match.output.1) ?? 99) < 24 && (Int(match.output.2) ?? 99) < 60 && seconds < 60
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
