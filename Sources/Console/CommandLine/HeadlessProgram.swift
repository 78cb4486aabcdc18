import Dispatch
import Glibc
import Synchronization
import Warehouse

/// Runs one command to its end, on the first thread, without a screen.
enum HeadlessProgram {
  /// Runs what `arguments` say.
  ///
  /// SIGINT, SIGTERM and SIGHUP cancel the command once; a second one ends the program at once.
  static func run(_ arguments: [String], _ output: Output) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    do throws(WarehouseError) {
      return try start(arguments, output).rawValue
    } catch {
      return output.report(error).rawValue
    }
  }

  private static func start(
    _ arguments: [String], _ output: Output
  ) throws(WarehouseError) -> ExitStatus {
    guard let (command, rest) = Command.find(in: arguments) else {
      return try group(arguments, output)
    }
    if rest.contains("--help") || rest.contains("-h") {
      return output.help(CommandHelp.command(command))
    }
    let sorted = try Arguments(rest, options: command.allOptions)
    return wait(for: command, Invocation(sorted, output: output))
  }

  /// What is no command: the first word of several, which are then listed, or a wrong one.
  private static func group(
    _ arguments: [String], _ output: Output
  ) throws(WarehouseError) -> ExitStatus {
    let word = arguments.first ?? ""
    let commands = Command.group(word)
    guard !commands.isEmpty else { throw unknown(word) }
    if arguments.contains("--help") || arguments.contains("-h") {
      return output.help(CommandHelp.group(word))
    }
    if let second = arguments.dropFirst().first, !second.hasPrefix("-") {
      let names = commands.map(\.name).joined(separator: ", ")
      throw WarehouseError(
        .usage, "unknown command \"\(word) \(second)\"", hint: "The commands are \(names).")
    }
    output.talk(CommandHelp.group(word))
    return .misused
  }

  private static func unknown(_ word: String) -> WarehouseError {
    let names = Command.all.map(\.name).joined(separator: ", ")
    return WarehouseError(
      .usage, "unknown command \"\(word)\"", hint: "The commands are \(names).")
  }

  /// Starts the command as a task and waits for it here, so that no shared thread is blocked.
  private static func wait(for command: Command, _ invocation: Invocation) -> ExitStatus {
    let done = DispatchSemaphore(value: 0)
    let status = Mutex(ExitStatus.failed)
    let task = Task.detached {
      let result = await perform(command, invocation)
      status.withLock { $0 = result }
      done.signal()
    }
    let signals = EndingSignals { task.cancel() }
    withExtendedLifetime(signals) { done.wait() }
    return status.withLock { $0 }
  }

  private static func perform(_ command: Command, _ invocation: Invocation) async -> ExitStatus {
    do throws(WarehouseError) {
      let status = try await command.perform(invocation)
      invocation.output.flush()
      if let failure = invocation.output.failure { throw failure }
      return status
    } catch {
      invocation.output.flush()
      let isStopped = invocation.output.isBroken && error.kind == .cancelled
      // Whoever read the output went away (`sparkify query … | head`): nothing went wrong.
      if isStopped && invocation.output.failure == nil { return .done }
      return invocation.output.report(isStopped ? invocation.output.failure ?? error : error)
    }
  }
}
