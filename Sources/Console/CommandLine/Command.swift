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
    Option(
      name: "--config", value: "FILE", help: "the configuration file, instead of dwh.cfg",
      isFilled: true),
    Option(
      name: "--set", value: "SECTION.KEY=VALUE", help: "one value of it, just for this time",
      isRepeatable: true),
    Option(
      name: "--home", value: "DIR", help: "the folder for the embedded warehouse and history",
      isFilled: true),
    Option(
      name: "--profile", value: "NAME", help: "the AWS profile, whatever the environment says"),
    Option(name: "--region", value: "REGION", help: "the AWS region"),
    Option(name: "--endpoint-url", value: "URL", help: "where AWS answers, for stand-ins of it"),
    Option(name: "--help", value: nil, help: "this help"),
  ]

  /// The options above that are settings by the names that AWS's own tools have for them.
  static let settingOptions: [(name: String, key: ConfigurationKey)] = [
    ("--profile", .profile), ("--region", .region), ("--endpoint-url", .endpoint),
  ]

  /// All of its options. One of its own hides a common one of that name, which is then given before
  /// the command.
  var allOptions: [Option] {
    let own = Set(options.map(\.name))
    return options + Self.commonOptions.filter { !own.contains($0.name) }
  }

  /// The arguments with the command first: options that every command has may stand before it.
  static func commandFirst(_ arguments: [String]) -> [String] {
    var rest = arguments[...]
    var options: [(name: String, words: [String])] = []
    while let first = rest.first, first.hasPrefix("-"), first != "-", first != "--",
      let option = commonOptions.first(where: { first.isGiven(as: $0) })
    {
      rest.removeFirst()
      var words = [first]
      if option.value != nil, first == option.name, let value = rest.popFirst() {
        words.append(value)
      }
      options.append((option.name, words))
    }
    guard let word = rest.first, !word.hasPrefix("-") else { return arguments }
    guard let found = find(in: Array(rest)) else { return rest + options.flatMap(\.words) }
    return rest.prefix(rest.count - found.rest.count)
      + options.flatMap { found.command.words($0.name, $0.words) } + found.rest
  }

  /// An option that stood before the command, so that no option of the command's own is meant.
  private func words(_ name: String, _ words: [String]) -> [String] {
    guard options.contains(where: { $0.name == name }),
      let key = Self.settingOptions.first(where: { $0.name == name })?.key
    else { return words }
    let value = words.count > 1 ? words[1] : String(words[0].dropFirst(name.count + 1))
    return ["--set", "\(key.rawValue)=\(value)"]
  }

  /// The commands of two words that begin with this one: of `cluster` all of its commands.
  static func group(_ word: String) -> [Command] { all.filter { $0.name.hasPrefix(word + " ") } }

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
      path: arguments.value("--config"), overrides: arguments.all("--set"),
      flags: Command.settingOptions.compactMap { name, key in
        // An option of a command's own that has such a name takes no value.
        guard let value = arguments.value(name), !value.isEmpty else { return nil }
        return ConfigurationFlag(name: name, key: key, value: value)
      })
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

  /// Runs `body` with one session of that access; lines about a slow start go to standard error.
  func withSession<Value: Sendable>(
    for access: SessionAccess = .all,
    _ body: (PostgresSession) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await withWarehouse { (target) throws(WarehouseError) in
      let session = try await target.openSession(for: access) { line in output.talk(line) }
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
