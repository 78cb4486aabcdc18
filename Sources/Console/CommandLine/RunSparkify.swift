import Dispatch
import Glibc
import Warehouse

/// The program: the console without a command, the same engine without the screen with one.
///
/// - Parameter arguments: what was typed behind the program's name.
/// - Returns: the exit status. Blocks until then; call it on the first thread.
public func runSparkify(_ arguments: [String]) -> Int32 {
  // libpq would take an address from here also for the embedded warehouse, which has none.
  if getenv("PGHOST") == nil { unsetenv("PGHOSTADDR") }
  let output = Output()
  let arguments = Command.commandFirst(arguments)
  switch arguments.first {
  case "--help", "-h", "help": return output.help(CommandHelp.program).rawValue
  case "--version":
    output.line("sparkify \(Version.current)")
    return output.finish().rawValue
  case nil: return openConsole(arguments, output)
  case let first? where first.hasPrefix("-"): return openConsole(arguments, output)
  case Command.demo.name: return DemoProgram.run(Array(arguments.dropFirst()), output)
  default: return HeadlessProgram.run(arguments, output)
  }
}

/// Which version of the program this is.
enum Version {
  static let current = "0.1"
}

private func openConsole(_ arguments: [String], _ output: Output) -> Int32 {
  do throws(WarehouseError) {
    let sorted = try Arguments(arguments, options: Command.commonOptions)
    try sorted.requireWords(atMost: 0)
    if sorted.has("--help") { return runSparkify(["--help"]) }
    let invocation = Invocation(sorted, output: output)
    // A wrong configuration is shown on the Cluster screen, where it can be corrected.
    let settings = Configuration.check(invocation.configurationOptions).configuration.console
    let warehouse = ConnectedWarehouse(
      options: invocation.configurationOptions, stateFolder: invocation.stateFolder)
    let stateFile = StateFile(folder: invocation.stateFolder.path)
    let status = openConsole(warehouse, settings: settings, stateFile: stateFile)
    leave(warehouse)
    if let failure = stateFile.failure { _ = output.report(failure) }
    return status
  } catch {
    return output.report(error).rawValue
  }
}

/// Waits here, on the first thread, until the warehouse is left.
func leave(_ warehouse: ConnectedWarehouse) {
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    await warehouse.leave()
    done.signal()
  }
  done.wait()
}
