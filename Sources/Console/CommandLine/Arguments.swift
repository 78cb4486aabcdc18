import Warehouse

/// An option of a command: `--name`, with a value or without.
struct Option: Sendable {
  let name: String
  /// What the value is called in help; nil when there is none.
  let value: String?
  let help: String
  var isRepeatable = false
  /// Whether a blank value is refused: it would mean another place than the one that was meant.
  var isFilled = false
}

/// What was typed behind the program's name, sorted.
struct Arguments: Sendable {
  /// The words that are no options, in order.
  private(set) var words: [String] = []
  private var values: [String: [String]] = [:]

  /// Sorts `arguments` by the options that a command knows. `--name value` and `--name=value` mean
  /// the same; everything behind `--` is a word.
  ///
  /// - Throws: `.usage` for an unknown option, a missing value, or an option given twice.
  init(_ arguments: [String], options: [Option]) throws(WarehouseError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest
        return
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        words.append(argument)
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name || $0.shortName == name }) else {
        throw Self.unknown(name, options)
      }
      let value = parts.count > 1 ? String(parts[1]) : nil
      try take(option, value, from: &rest)
    }
  }

  private mutating func take(
    _ option: Option, _ value: String?, from rest: inout ArraySlice<String>
  ) throws(WarehouseError) {
    if !option.isRepeatable && values[option.name] != nil {
      throw WarehouseError(.usage, "\(option.name) was given twice", hint: "Give it once.")
    }
    guard let placeholder = option.value else {
      guard value == nil else {
        throw WarehouseError(
          .usage, "\(option.name) takes no value", hint: "Write just \(option.name).")
      }
      values[option.name] = [""]
      return
    }
    guard let value = value ?? rest.popFirst() else {
      throw WarehouseError(
        .usage, "\(option.name) needs a value", hint: "Write \(option.name) \(placeholder).")
    }
    guard !value.isEmpty || !option.isFilled else {
      throw WarehouseError(
        .usage, "the value of \(option.name) is blank",
        hint: "Write \(option.name) \(placeholder), or leave it out.")
    }
    values[option.name, default: []].append(value)
  }

  private static func unknown(_ name: String, _ options: [Option]) -> WarehouseError {
    let known = options.map(\.name).sorted().joined(separator: ", ")
    return WarehouseError(
      .usage, "unknown option \(name)", hint: "This command knows \(known).")
  }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option; nil when it was not given.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option that can be repeated.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option as a whole number within `range`; nil when it was not given.
  ///
  /// - Throws: `.usage` when it is something else.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(WarehouseError) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Self.wholeNumber(text), range.contains(number) else {
      throw WarehouseError(
        .usage, "\(name) cannot be \"\(text)\"",
        hint: "Give a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// `1000`, `1,000` and `1_000`; nil for anything else, such as `1,5`.
  private static func wholeNumber(_ text: String) -> Int? {
    for separator in [",", "_"] as [Character] where text.contains(separator) {
      let groups = text.split(separator: separator, omittingEmptySubsequences: false)
      let isGrouped = groups.dropFirst().allSatisfy { group in
        group.utf8.count == 3 && group.allSatisfy(\.isNumber)
      }
      guard isGrouped, (1...3).contains(groups[0].utf8.count) else { return nil }
      return Int(groups.joined())
    }
    return Int(text)
  }

  /// The value of an option as a number within `range`; nil when it was not given.
  func number(_ name: String, in range: ClosedRange<Double>) throws(WarehouseError) -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw WarehouseError(
        .usage, "\(name) cannot be \"\(text)\"",
        hint: "Give a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// Refuses more words than a command takes.
  func requireWords(atMost count: Int) throws(WarehouseError) {
    guard words.count > count else { return }
    throw WarehouseError(
      .usage, "\"\(words[count])\" is one word too many",
      hint: "Put words with blanks into quotes, or ask for help with --help.")
  }
}

extension Option {
  /// The one-letter form, for the few options that have one.
  var shortName: String? { name == "--help" ? "-h" : nil }
}
