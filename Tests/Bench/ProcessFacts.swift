import Glibc

/// What the system tells of a process, by `/proc` (proc(5)).
enum ProcessFacts {
  /// CPU seconds of a process: its own, and those of its children that have ended.
  struct CPU {
    var own = 0.0
    var endedChildren = 0.0
    var parent: pid_t = 0
  }

  private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
  private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// nil when there is no such process.
  static func cpu(of process: pid_t) -> CPU? {
    guard let text = text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else {
      return nil
    }
    // The fields behind the program's name; the state, field 3, comes first.
    let fields = text[text.index(after: end)...].split(separator: " ")
    func seconds(_ field: Int) -> Double { (Double(fields[field - 3]) ?? 0) / ticksPerSecond }
    guard fields.count > 20 else { return nil }
    return CPU(
      own: seconds(14) + seconds(15), endedChildren: seconds(16) + seconds(17),
      parent: pid_t(fields[1]) ?? 0)
  }

  /// All processes, by what started them.
  static func children(of parent: pid_t) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let process = pid_t(name), cpu(of: process)?.parent == parent { found.append(process) }
    }
    return found
  }

  /// Memory that is a process's own: resident, and neither of a file nor shared.
  ///
  /// From `statm`, which costs the process nothing; `smaps_rollup` walks all its pages and holds
  /// it up. What a child still has in common with its parent counts for both, so this is a little
  /// too much rather than too little.
  static func privateBytes(of process: pid_t) -> Int {
    let pages = text("/proc/\(process)/statm")?.split(separator: " ").map { Int($0) ?? 0 } ?? []
    return pages.count > 2 ? max(0, pages[1] - pages[2]) * pageBytes : 0
  }

  /// The most memory that was resident at once; 0 when the process is gone.
  static func peakBytes(of process: pid_t) -> Int {
    for line in text("/proc/\(process)/status")?.split(separator: "\n") ?? []
    where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 } ?? 0
    }
    return 0
  }

  /// Counts the most memory from now on (proc(5), `clear_refs`).
  static func forgetPeak(of process: pid_t) {
    let descriptor = open("/proc/\(process)/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = write(descriptor, "5", 1)
  }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
