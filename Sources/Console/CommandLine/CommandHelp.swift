/// The help of the program and of its commands.
enum CommandHelp {
  /// What `sparkify --help` says.
  static var program: String {
    let width = (Command.all.map { usageLine($0).count }.max() ?? 0) + 2
    let commands = Command.all.map { command in
      "  " + pad(usageLine(command), width) + command.summary
    }
    return """
      sparkify: from JSON files to a published star schema, on the screen or without it

      sparkify                 opens the console
      sparkify COMMAND         does one thing and ends

      \(commands.joined(separator: "\n"))

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
    let commands = Command.group(word)
    let width = (commands.map { usageLine($0).count }.max() ?? 0) + 2
    let lines = commands.map { "  " + pad(usageLine($0), width) + $0.summary }
    return """
      sparkify \(word) COMMAND

      \(lines.joined(separator: "\n"))

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
    let width = (names.map(\.count).max() ?? 0) + 2
    return zip(names, options).map { "  " + pad($0, width) + $1.help }.joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
