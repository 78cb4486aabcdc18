import Glibc
import Warehouse

/// Measures a load, the reading of many small objects, the saved queries and the screens against
/// the floors of this machine: `bench [S|M|L] [--repeats N] [--json FILE]`; `bench objects` and `--screens` measure
/// those alone.
///
/// Machines are noisy and differ, so every figure stands beside floors that were measured in the
/// same run, in turns, and what is judged is ratios.
@main
struct Bench {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    do throws(WarehouseError) {
      let words = Array(CommandLine.arguments.dropFirst())
      if words.count == 3, words[0] == "serve-objects", let count = Int(words[1]),
        let milliseconds = Int(words[2])
      {
        try ObjectServer(count: count, milliseconds: milliseconds).run()
      }
      if words.first == "objects" { return try ObjectBench(repeats: 5).run() }
      let options = try BenchOptions(words)
      try await LoadBench(options: options).run()
      try ObjectBench(repeats: options.repeats).run()
    } catch {
      say("bench: \(error.description)")
      exit(1)
    }
  }
}

/// Prints a line at once, also into a pipe.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// What was asked for.
struct BenchOptions {
  /// How much data.
  var scale = Scale.small
  /// How often everything is measured.
  var repeats = 0
  /// Whether only queries and screens are measured, over what lies loaded.
  var isOfScreensOnly = false
  /// Where the figures go besides the terminal; nil for nowhere.
  var jsonFile: String?
  /// The program that is measured.
  var program = ".build/release/sparkify"
  /// Where data and warehouse lie, and stay for the next time.
  var folder = ".build/bench"

  init(_ arguments: [String]) throws(WarehouseError) {
    var words = arguments[...]
    while let word = words.popFirst() {
      switch word {
      case "--repeats": repeats = words.popFirst().flatMap { Int($0) } ?? 0
      case "--screens": isOfScreensOnly = true
      case "--json": jsonFile = words.popFirst()
      case "--program": program = words.popFirst() ?? program
      case "--folder": folder = words.popFirst() ?? folder
      default:
        guard let scale = Scale(rawValue: word) else {
          throw WarehouseError(
            .usage, "could not make sense of \"\(word)\"",
            hint: "Write bench [S|M|L] [--screens] [--repeats N] [--json FILE] [--program FILE] "
              + "[--folder DIR]."
          )
        }
        self.scale = scale
      }
    }
    if repeats < 1 { repeats = scale.usualRepeats }
  }
}

/// How much data there is.
enum Scale: String {
  case small = "S"
  case medium = "M"
  case large = "L"

  var songs: Int {
    switch self {
    case .small: 15_000
    case .medium: 100_000
    case .large: 200_000
    }
  }

  var events: Int {
    switch self {
    case .small: 100_000
    case .medium: 2_000_000
    case .large: 10_000_000
    }
  }

  var usualRepeats: Int { 5 }
}
