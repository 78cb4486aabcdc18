import Glibc
import PseudoTerminal

/// The console on a scripted warehouse, on a pseudo-terminal.
enum ConsoleOnTerminal {
  /// The program that was built beside the tests.
  static var path: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(folder)/ConsoleFixture"
  }

  /// Starts it and waits until it is connected.
  static func start(
    script: String = "", environment: [String: String] = [:], columns: Int = 80, rows: Int = 24
  ) throws -> VirtualTerminal {
    var variables = environment
    variables["SCRIPT"] = script
    let terminal = try VirtualTerminal(
      [path], environment: variables, columns: columns, rows: rows)
    let isUnreachable = script.contains("unreachable")
    try terminal.wait(for: "the connection") {
      let header = $0.row(0)
      return header.hasSuffix(isUnreachable ? "not connected" : " ready")
    }
    return terminal
  }
}
