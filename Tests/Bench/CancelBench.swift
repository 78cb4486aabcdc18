import Dispatch
import Glibc
import Synchronization
import Warehouse

/// How long a run takes to end after Ctrl-C, at several moments of the stages that work longest. What
/// the embedded server takes to stop afterwards is not counted.
struct CancelBench {
  let options: BenchOptions
  let home: String
  let data: String

  private static let stages: [StageID] = [.stageEvents, .loadTime, .loadSongplays, .check]
  /// Moments of each stage, from its beginning.
  private static let moments: [DispatchTimeInterval] = [
    .milliseconds(50), .milliseconds(700), .milliseconds(2500),
  ]

  /// Cancels at every moment and says the worst. A run that was over before is not counted.
  func run() throws(WarehouseError) -> Goal {
    var times: [Duration] = []
    for stage in Self.stages {
      for moment in Self.moments {
        if let time = try time(in: stage, after: moment) { times.append(time) }
      }
    }
    return Goal("cancel of a run, worst of \(times.count), ms", times.percentile(100), reach: 1000)
  }

  private func time(
    in stage: StageID, after moment: DispatchTimeInterval
  ) throws(WarehouseError) -> Duration? {
    let sent = Mutex<ContinuousClock.Instant?>(nil)
    var ended: ContinuousClock.Instant?
    let outcome = try Child.run([
      options.program, "run", "--json", "--home", home, "--config", "/dev/null",
      "--set", "S3.LOG_DATA=\(data)/log_data", "--set", "S3.SONG_DATA=\(data)/song_data",
    ]) { process, line in
      if line.contains("\"run-finished\"") { ended = .now }
      guard line.contains("\"stage-started\""), line.contains("\"\(stage.rawValue)\"") else {
        return
      }
      DispatchQueue.global().asyncAfter(deadline: .now() + moment) {
        sent.withLock { $0 = .now }
        kill(process, SIGINT)
      }
    }
    // 130 is the status of what Ctrl-C ended.
    guard outcome.status == 130, let ended, let start = sent.withLock({ $0 }) else { return nil }
    return ended - start
  }
}
