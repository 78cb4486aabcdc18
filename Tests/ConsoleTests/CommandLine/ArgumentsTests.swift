import Testing
import Warehouse

@testable import Console

@Suite("Arguments")
struct ArgumentsTests {
  private static let options = [
    Option(name: "--from", value: "STAGE", help: ""),
    Option(name: "--json", value: nil, help: ""),
    Option(name: "--set", value: "KEY=VALUE", help: "", isRepeatable: true),
    Option(name: "--help", value: nil, help: ""),
  ]

  private func sorted(_ words: String...) throws -> Arguments {
    try Arguments(words, options: Self.options)
  }

  @Test(
    "may have the options of every command in front",
    arguments: [
      ("--home h run create", "run --home h create"),
      ("--home=h --set A.B=c config check --json", "config check --home=h --set A.B=c --json"),
      ("--config f query -- --home", "query --config f -- --home"),
      ("--home h nonsense", "nonsense --home h"),
      ("--home h", "--home h"), ("run --home h", "run --home h"), ("--json run", "--json run"),
      ("--profile p --region r run", "run --profile p --region r"),
      ("--profile p sources --profile", "sources --set AWS.PROFILE=p --profile"),
      ("--profile=p sources", "sources --set AWS.PROFILE=p"),
    ])
  func optionsFirst(typed: String, sorted: String) {
    let words = typed.split(separator: " ").map(String.init)
    #expect(Command.commandFirst(words).joined(separator: " ") == sorted)
  }

  @Test("are words and options, in any order and in both spellings")
  func sorting() throws {
    let arguments = try sorted("a", "--from", "check", "b", "--json", "--set", "x=1", "--set=y=2=3")
    #expect(arguments.words == ["a", "b"])
    #expect(arguments.value("--from") == "check")
    #expect(try sorted("--from=check").value("--from") == "check")
    #expect(try sorted("--from=").value("--from") == "")
    #expect(arguments.has("--json"))
    #expect(arguments.all("--set") == ["x=1", "y=2=3"])
    #expect(arguments.value("--limit") == nil)
    #expect(try sorted("-h").has("--help"))
  }

  @Test("behind -- are words, and a dash alone is one")
  func words() throws {
    #expect(try sorted("-", "--", "--json", "-x").words == ["-", "--json", "-x"])
    #expect(try sorted().words == [])
  }

  @Test(
    "that are wrong are told, with what would be right",
    arguments: [
      (["--form"], "unknown option --form", "This command knows --from, --help, --json, --set."),
      (["-x"], "unknown option -x", "This command knows --from, --help, --json, --set."),
      (["--from"], "--from needs a value", "Write --from STAGE."),
      (["--from", "a", "--from", "b"], "--from was given twice", "Give it once."),
      (["--json=1"], "--json takes no value", "Write just --json."),
    ])
  func refused(words: [String], message: String, hint: String) {
    let error = #expect(throws: WarehouseError.self) {
      try Arguments(words, options: Self.options)
    }
    #expect(error == WarehouseError(.usage, message, hint: hint))
  }

  @Test("may not be blank where a blank would mean another place")
  func blank() {
    for name in ["--home", "--config"] {
      for words in [[name, ""], [name + "="]] {
        let error = #expect(throws: WarehouseError.self) {
          try Arguments(words, options: Command.commonOptions)
        }
        #expect(error?.message == "the value of \(name) is blank")
      }
    }
    #expect(throws: Never.self) {
      try Arguments(["--profile", ""], options: Command.commonOptions)
    }
  }

  @Test("are numbers within their range, or refused")
  func numbers() throws {
    func integer(_ text: String) throws -> Int? {
      try sorted("--from", text).integer("--from", in: 1...1000)
    }
    #expect(try integer("7") == 7)
    #expect(try integer("1_000") == 1000)
    #expect(try integer("1,000") == 1000)
    #expect(try sorted().integer("--from", in: 1...1000) == nil)
    for text in [
      "0", "1001", "x", "", "1.5", "99999999999999999999", "-1", "1,5", "1,00", "1_0", ",100", "1,",
      "1__0",
    ] {
      let error = #expect(throws: WarehouseError.self) { try integer(text) }
      #expect(error?.message == "--from cannot be \"\(text)\"")
      #expect(error?.hint == "Give a whole number from 1 to 1000.")
    }
    #expect(try sorted("--from", "0.5").number("--from", in: 0...1) == 0.5)
    for text in ["nan", "2", "x"] {
      #expect(throws: WarehouseError.self) {
        try sorted("--from", text).number("--from", in: 0...1)
      }
    }
  }

  @Test("that are too many words are refused by the first of them")
  func tooMany() throws {
    try sorted("a").requireWords(atMost: 1)
    let error = #expect(throws: WarehouseError.self) {
      try sorted("a", "b c", "d").requireWords(atMost: 1)
    }
    #expect(error?.message == "\"b c\" is one word too many")
  }
}

@Suite("Commands")
struct CommandListTests {
  @Test("are found by one word or two")
  func find() {
    #expect(Command.find(in: ["run", "check", "--json"])?.rest == ["check", "--json"])
    #expect(Command.find(in: ["config", "check", "--json"])?.command.name == "config check")
    #expect(Command.find(in: ["config"]) == nil)
    #expect(Command.find(in: []) == nil)
    #expect(Command.find(in: ["Run"]) == nil)
  }

  @Test("have help that names each option once, within 80 columns where it can")
  func help() {
    for command in Command.all {
      let help = CommandHelp.command(command)
      #expect(help.hasPrefix("sparkify \(command.name)"))
      let names = command.allOptions.map(\.name)
      #expect(Set(names).count == names.count, "\(command.name)")
      for name in names { #expect(help.contains("\n  \(name)")) }
      #expect(CommandHelp.program.contains(command.summary))
    }
  }

  @Test("of two words are listed by their first, in the characters of the locale")
  func groups() {
    let help = CommandHelp.group("cluster")
    for command in Command.group("cluster") { #expect(help.contains("\n  \(command.name)")) }
    #expect(Command.group("cluster").count == 8 && Command.group("config").count == 1)
    #expect(Command.group("run").isEmpty)
    #expect(CommandHelp.text("[STAGE…] “x”\n·", .ascii) == "[STAGE...] \"x\"\n-")
    #expect(CommandHelp.text("[STAGE…]", .unicode) == "[STAGE…]")
  }

  @Test("answer with the status that the error means")
  func statuses() {
    let expected: [WarehouseError.Kind: Int32] = [
      .configuration: 2, .usage: 2, .connection: 1, .server: 1, .input: 1, .dependency: 1,
      .check: 3, .locked: 1, .system: 1, .cancelled: 130,
    ]
    for kind in WarehouseError.Kind.allCases {
      #expect(ExitStatus(WarehouseError(kind, "x")).rawValue == expected[kind])
    }
  }

  @Test("write no control character to a terminal")
  func clean() {
    let hostile = "a\u{1B}[31mb\u{7}\u{9B}2J\u{202E}c\r\n"
    let scalars = Output.clean(hostile).unicodeScalars
    #expect(
      !scalars.contains { $0.value < 32 || (127..<160).contains($0.value) || $0.value == 0x202E })
  }
}
