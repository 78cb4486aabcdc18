import Warehouse

/// The making of sample data, and the reading of very many files of it.
struct SampleBench {
  let options: BenchOptions
  let home: String

  private static let events = 2_000_000
  private static let files = 100_000
  /// Half a million events a second on one processor.
  private static let microseconds = 2.0

  /// Makes a sample by itself, then one of many files, which is loaded.
  func run() throws(WarehouseError) -> [Goal] {
    let folder = options.folder + "/sample"
    defer { try? FileSystem.removeTree(folder) }
    let many = try make(
      ["--songs", String(Self.files), "--events", "1000", "--song-files", "files"], in: folder)
    let load = try Child.run([
      options.program, "run", "--json", "--home", home, "--config", "/dev/null",
      "--set", "S3.LOG_DATA=\(folder)/log_data", "--set", "S3.SONG_DATA=\(folder)/song_data",
    ]) { _, _ in }
    guard load.status == 0 else {
      throw WarehouseError(.system, "could not measure the load of many files")
    }
    let large = try make(
      ["--songs", "100000", "--events", String(Self.events), "--song-files", "lines"], in: folder)
    return [
      Goal(
        name: "sample, µs of CPU an event", value: large.cpuSeconds * 1e6 / Double(Self.events),
        reach: Self.microseconds),
      Goal(
        "its peak memory, MB", Double(max(large.peakBytes, many.peakBytes)) / 1_048_576, reach: 64),
      Goal(
        "peak memory, \(Self.files) files, MB", Double(load.peakBytes) / 1_048_576, reach: 64),
    ]
  }

  private func make(
    _ words: [String], in folder: String
  ) throws(WarehouseError) -> Child.Outcome {
    try? FileSystem.removeTree(folder)
    let outcome = try Child.run([options.program, "sample", "--out", folder] + words) { _, _ in }
    guard outcome.status == 0 else {
      throw WarehouseError(.system, "could not measure the making of a sample")
    }
    return outcome
  }
}
