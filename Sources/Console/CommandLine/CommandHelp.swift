/// The help of the program and of its commands.
enum CommandHelp {
  /// What `sparkify --help` says.
  static var program: String {
    """
    sparkify: from JSON files to a published star schema, on the screen or without it

    sparkify                 opens the console
    sparkify COMMAND         does one thing and ends

    \(lines(Command.all.map { (usageLine($0), $0.summary) }))

    every command, and the console, also takes
    \(optionLines(Command.commonOptions))

    `sparkify COMMAND --help` says more about one.
    Exit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 checks failed, 130 cancelled.

    """
  }

  /// What `sparkify COMMAND --help` says.
  static func command(_ command: Command) -> String {
    """
    sparkify \(usageLine(command))

    \(command.details)

    \(optionLines(command.allOptions))

    """
  }

  /// What `sparkify cluster --help` says, where `cluster` is the first word of several commands.
  static func group(_ word: String) -> String {
    """
    sparkify \(word) COMMAND

    \(lines(Command.group(word).map { (usageLine($0), $0.summary) }))

    `sparkify \(word) COMMAND --help` says more about one.

    """
  }

  /// Help in the characters of the locale.
  static func text(_ help: String, _ glyphs: GlyphSet) -> String {
    guard glyphs == .ascii else { return help }
    return help.replacing("…", with: "...").split(separator: "\n", omittingEmptySubsequences: false)
      .map { CellText(String($0), glyphs: .ascii).plainText }.joined(separator: "\n")
  }

  private static func usageLine(_ command: Command) -> String {
    command.usage.isEmpty ? command.name : command.name + " " + command.usage
  }

  private static func optionLines(_ options: [Option]) -> String {
    let names = options.map { option in
      option.name + (option.value.map { " " + $0 } ?? "") + (option.isRepeatable ? " …" : "")
    }
    return lines(Array(zip(names, options.map(\.help))))
  }

  /// Names and what they are, in two columns.
  private static func lines(_ rows: [(name: String, about: String)]) -> String {
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { row in
      "  " + row.name + String(repeating: " ", count: width - row.name.count) + row.about
    }.joined(separator: "\n")
  }
}
