// The console on a scripted warehouse: what tests drive on a pseudo-terminal, and what a person
// can look at without a server. Only a debug build can reach into the console's module.
#if DEBUG
  @testable import Console
  import Glibc
  @testable import Warehouse

  @main
  struct ConsoleFixture {
    static func main() {
      var settings = ConsoleSettings()
      if let theme = environment("SCRIPT_THEME") {
        settings.theme = ConsoleTheme(rawValue: theme) ?? .auto
      }
      let stateFile = environment("SCRIPT_STATE").map { StateFile(folder: $0) }
      let script = Script { environment($0) }
      let demo =
        script.isDemo ? DemoWalk(DemoStep.all(runsPipeline: true), ownsWarehouse: true) : nil
      exit(
        openConsole(
          ScriptedService(script), settings: settings, stateFile: stateFile, demo: demo))
    }

    private static func environment(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }
    }
  }
#else
  @main
  struct ConsoleFixture {
    static func main() {}
  }
#endif
