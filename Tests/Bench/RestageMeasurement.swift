import Glibc
import Warehouse

/// Restaging from folder to folder, beside what nobody can do without: reading the same files and
/// compressing them.
struct RestageMeasurement {
  /// How the two compress.
  enum Compressor: String, CaseIterable { case gzip, zstd }

  let program: String
  let home: String
  let data: String
  /// Where both write, and what they wrote is removed.
  let folder: String

  /// `cat` into the compressor, by its own program; nil where there is none.
  func floor(_ compressor: Compressor) throws(WarehouseError) -> Cost? {
    let path = "/usr/bin/\(compressor.rawValue)"
    guard access(path, X_OK) == 0 else { return nil }
    let output = "\(folder)/packed"
    defer { unlink(output) }
    let script = """
      find "$1/log_data" "$1/song_data" -type f -name '*.json' | sort | xargs -d '\\n' cat \
      | "$2" -c > "$3"
      """
    let start = ContinuousClock.now
    let outcome = try Child.run(["/bin/sh", "-c", script, "sh", data, path, output]) { _, _ in }
    guard outcome.status == 0 else {
      throw WarehouseError(.system, "could not measure: cat and \(path) failed")
    }
    return Cost(seconds: (ContinuousClock.now - start).inSeconds, cpu: outcome.cpuSeconds)
  }

  /// The stage `restage`, timed by itself, with all CPU time of the program.
  func restage(_ compressor: Compressor) throws(WarehouseError) -> Cost {
    let output = "\(folder)/restaged"
    defer { try? FileSystem.removeTree(output) }
    var seconds: Double?
    let outcome = try Child.run([
      program, "run", "restage", "--json", "--home", home,
      "--set", "S3.LOG_DATA=\(data)/log_data", "--set", "S3.SONG_DATA=\(data)/song_data",
      "--set", "RESTAGE.OUTPUT=\(output)", "--set", "RESTAGE.COMPRESSION=\(compressor.rawValue)",
    ]) { _, line in
      let value = JSONValue(parsing: Array(line.utf8))
      if value?["event"]?.text == "stage-finished" { seconds = value?["seconds"]?.real }
    }
    guard outcome.status == 0, let seconds else {
      throw WarehouseError(
        .input, "could not measure: sparkify run restage ended with \(outcome.status)")
    }
    return Cost(seconds: seconds, cpu: outcome.cpuSeconds)
  }
}
