import Dispatch
import Synchronization
import Warehouse

extension Command {
  /// `demo`: the guided walk. It needs the screen: `DemoProgram` opens it.
  static let demo = Command(
    name: "demo", usage: "[--play]", summary: "walks through the console on sample data",
    details: """
      Opens the console with captions that lead through all screens: Space goes on, Backspace back, p
      plays by itself, Esc leaves the demo where it stands. It has a warehouse of its own, with sample
      data, in the folder demo of the state folder: no configuration but [CONSOLE] counts, and nothing
      that is yours is read or changed. Within the console, :demo does the same on what is there.
      """,
    options: [
      Option(name: "--play", value: nil, help: "plays by itself, and quits at the end"),
      Option(
        name: "--seconds", value: "N",
        help: "how long each caption stays then (default: as long as its text needs)"),
    ]
  ) { _ throws(WarehouseError) in
    throw WarehouseError(
      .usage, "could not open the console here", hint: "Start `sparkify demo` on a terminal.")
  }
}

/// The console with the demo on, on a warehouse of the demo's own.
enum DemoProgram {
  /// Runs it. Blocks; call it on the first thread.
  ///
  /// - Parameter arguments: what was typed behind `demo`.
  /// - Returns: the exit status; with `--play` 1 when something did not work.
  static func run(_ arguments: [String], _ output: Output) -> Int32 {
    do throws(WarehouseError) {
      if arguments.contains("--help") || arguments.contains("-h") {
        return output.help(CommandHelp.command(.demo)).rawValue
      }
      let sorted = try Arguments(
        arguments, options: Command.demo.allOptions)
      try sorted.requireWords(atMost: 0)
      return try open(Invocation(sorted, output: output), try walk(sorted))
    } catch {
      return output.report(error).rawValue
    }
  }

  /// The demo that the options ask for.
  static func walk(_ arguments: Arguments) throws(WarehouseError) -> DemoWalk {
    let seconds = try arguments.integer("--seconds", in: 0...3600)
    let plays = arguments.has("--play")
    return DemoWalk(
      DemoStep.all(runsPipeline: true), ownsWarehouse: true, isPlaying: plays,
      stay: seconds.map { .seconds($0) }, endsProgram: plays)
  }

  /// Surroundings in which the demo finds its own warehouse and sample data, and nothing else:
  /// neither a file nor a variable leads it to a warehouse of yours.
  static func options(home: String) -> ConfigurationOptions {
    ConfigurationOptions(workingFolder: home, homeFolder: home, environment: [:])
  }

  private static func open(
    _ invocation: Invocation, _ walk: DemoWalk
  ) throws(WarehouseError) -> Int32 {
    let settings = Configuration.check(invocation.configurationOptions).configuration.console
    let home = invocation.stateFolder.path + "/demo"
    let options = options(home: home)
    let folder = StateFolder(home: home, options: options)
    try makeSample(of: folder, options, invocation.output)
    let warehouse = ConnectedWarehouse(options: options, stateFolder: folder)
    let status = openConsole(warehouse, settings: settings, demo: walk)
    leave(warehouse)
    return status
  }

  /// Makes the data that the demo looks at before it loads it: a second, the first time.
  private static func makeSample(
    of folder: StateFolder, _ options: ConfigurationOptions, _ output: Output
  ) throws(WarehouseError) {
    let source = RunSource(try Configuration.load(options), folder)
    let problem = Mutex<WarehouseError?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      do throws(WarehouseError) {
        try await source.makeSample { output.talk($0) }
      } catch {
        problem.withLock { $0 = error }
      }
      done.signal()
    }
    done.wait()
    if let error = problem.withLock({ $0 }) { throw error }
  }
}
