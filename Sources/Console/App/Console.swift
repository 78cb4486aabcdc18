import Glibc
import Warehouse

/// Opens the console on the terminal that the program was started on.
///
/// Blocks until it is left, and returns the exit status: 0, or 128 plus the signal that ended it.
/// Without a terminal it says so on the standard error and returns 2. Tasks of the service that
/// still run are cancelled and not waited for.
func openConsole(
  _ service: any WarehouseService, settings: ConsoleSettings, stateFile: StateFile? = nil,
  demo: DemoWalk? = nil
) -> Int32 {
  let options = TerminalOptions(settings) { String(environment: $0) }
  guard let terminal = CursesTerminal(options) else {
    let words = """
      sparkify: could not open the console
      Standard input and output must be a terminal that TERM names. \
      `sparkify --help` lists the commands that need none.

      """
    _ = write(STDERR_FILENO, words, words.utf8.count)
    return 2
  }
  return Program(
    terminal: terminal, service: service, frameRate: settings.frameRate, stateFile: stateFile,
    demo: demo, now: { .now }
  ).run()
}

extension TerminalOptions {
  /// What the configuration and the environment ask for.
  init(_ settings: ConsoleSettings, environment: (String) -> String?) {
    let preferred = Theme.preferred(by: environment)
    theme =
      switch settings.theme {
      case .auto: preferred
      // `NO_COLOR` is asked for this session; the configuration is for all.
      case .light: preferred == .monochrome ? .monochrome : .light
      case .dark: preferred == .monochrome ? .monochrome : .dark
      }
    glyphs =
      switch settings.ascii {
      case .auto: nil
      case .on: .ascii
      case .off: .unicode
      }
    hasMouse = settings.mouse
  }
}
