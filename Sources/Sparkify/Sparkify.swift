import Console
import Glibc

@main
struct Sparkify {
  // Not async: the screen and the wait of a command both own the first thread.
  static func main() {
    exit(runSparkify(Array(CommandLine.arguments.dropFirst())))
  }
}
