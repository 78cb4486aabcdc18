import Glibc

/// The program: the console without a command, the same engine without the screen with one.
@main
struct Sparkify {
  // Not async: the screen and the headless wait both own the first thread.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "--help", "-h", "help":
      let output = Output()
      output.write(CommandHelp.program)
      output.flush()
      exit(ExitStatus.done.rawValue)
    default:
      exit(HeadlessProgram.run(arguments))
    }
  }
}
