import Warehouse

/// One thing that the program does without its screen.
struct Command: Sendable {
  /// Its name: one word or two.
  let name: String
  /// What follows the name.
  let usage: String
  /// One line.
  let summary: String
  /// What its help says besides, a paragraph.
  let details: String
  let options: [Option]
  let perform: @Sendable (Invocation) async throws(WarehouseError) -> ExitStatus

  /// All commands, in the order of the help.
  static let all: [Command] = [
    .run, .query, .tables, .sources, .status, .runs, .configCheck, .clusterStatus,
    .clusterProvision,
    .clusterPause, .clusterResume, .clusterSnapshot, .clusterResize, .clusterTeardown,
    .clusterPolicy, .sample, .demo,
  ]

  /// Options that every command has.
  static let commonOptions = [
    Option(name: "--config", value: "FILE", help: "the configuration file, instead of dwh.cfg"),
    Option(
      name: "--set", value: "SECTION.KEY=VALUE", help: "one value of it, just for this time",
      isRepeatable: true),
    Option(name: "--home", value: "DIR", help: "the folder for the embedded warehouse and history"),
    Option(name: "--help", value: nil, help: "this help"),
  ]

  /// The arguments with the command first: options that every command has may stand before it.
  static func commandFirst(_ arguments: [String]) -> [String] {
    var rest = arguments[...]
    var options: [String] = []
    while let first = rest.first, first.hasPrefix("-"), first != "-", first != "--",
      let option = commonOptions.first(where: { first.isGiven(as: $0) })
    {
      options.append(rest.removeFirst())
      guard option.value != nil, first == option.name, let value = rest.popFirst() else { continue }
      options.append(value)
    }
    guard let word = rest.first, !word.hasPrefix("-") else { return arguments }
    guard let found = find(in: Array(rest)) else { return rest + options }
    return rest.prefix(rest.count - found.rest.count) + options + found.rest
  }

  /// The command that `arguments` begin with, and the rest; nil when they begin with none.
  static func find(in arguments: [String]) -> (command: Command, rest: [String])? {
    for command in all {
      let words = command.name.split(separator: " ").map(String.init)
      if arguments.starts(with: words) { return (command, Array(arguments.dropFirst(words.count))) }
    }
    return nil
  }
}

/// A command as it was typed, with all that it works with.
struct Invocation: Sendable {
  let arguments: Arguments
  let output: Output
  /// What `--config`, `--set` and the environment say.
  let configurationOptions: ConfigurationOptions
  /// What `--home` and the environment say.
  let stateFolder: StateFolder

  init(_ arguments: Arguments, output: Output) {
    self.arguments = arguments
    self.output = output
    configurationOptions = .ofThisProcess(
      path: arguments.value("--config"), overrides: arguments.all("--set"))
    stateFolder = StateFolder(home: arguments.value("--home"), options: configurationOptions)
  }

  /// Whether `--json` was given.
  var isJSON: Bool { arguments.has("--json") }

  /// The configuration; warnings go to standard error.
  func configuration() throws(WarehouseError) -> Configuration {
    let configuration = try Configuration.load(configurationOptions)
    for finding in configuration.findings where finding.severity == .warning {
      output.talk(finding.text)
    }
    return configuration
  }

  /// Runs `body` with the warehouse, and leaves it afterwards, whatever happens.
  func withWarehouse<Value: Sendable>(
    _ body: (WarehouseTarget) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let target = WarehouseTarget(configuration: try configuration(), stateFolder: stateFolder)
    do throws(WarehouseError) {
      let value = try await body(target)
      await target.leave()
      return value
    } catch {
      await target.leave()
      throw error
    }
  }

  /// Runs `body` with one session; lines about a slow start go to standard error.
  func withSession<Value: Sendable>(
    _ body: (PostgresSession) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await withWarehouse { (target) throws(WarehouseError) in
      let session = try await target.openSession { line in output.talk(line) }
      do throws(WarehouseError) {
        let value = try await body(session)
        await session.close()
        return value
      } catch {
        await session.close()
        throw error
      }
    }
  }
}

extension String {
  /// Whether this is an option, alone or with its value behind `=`.
  fileprivate func isGiven(as option: Option) -> Bool {
    self == option.name || hasPrefix(option.name + "=")
  }
}
