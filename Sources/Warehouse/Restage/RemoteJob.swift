/// The job where EMR runs it.
protocol RemoteJob: Sendable {
  /// What it is called in messages: "the step s-1 of j-2".
  var title: String { get }
  /// How it stands.
  func state(_ cancellation: Cancellation) throws(WarehouseError) -> RemoteJobState
  /// Asks for its end, which `state` tells.
  func cancel() throws(WarehouseError)
}

/// How a job on EMR stands.
struct RemoteJobState: Sendable, Equatable {
  enum Phase: Sendable, Equatable { case waiting, running, succeeded, failed, cancelled }

  var phase: Phase
  /// In EMR's own word.
  var name: String
  /// Why, where EMR says it.
  var detail: String?
  /// What is paid for it, as a line; nil while that is not known.
  var bill: String?

  var isOver: Bool {
    switch phase {
    case .waiting, .running: false
    case .succeeded, .failed, .cancelled: true
    }
  }
}

/// Watches a job to its end.
struct RemoteJobWatch: Sendable {
  /// How often is asked.
  var interval = Duration.seconds(10)
  /// How often is asked, at most, whether a cancelled job has ended.
  var patience = 30

  /// Returns when the job has succeeded. Blocks; a cancel ends the job first.
  ///
  /// - Throws: `.server` when it failed; `.cancelled`.
  func follow(
    _ job: some RemoteJob, _ cancellation: Cancellation, log: (String) -> Void
  ) throws(WarehouseError) {
    var shown = ""
    while true {
      do throws(WarehouseError) {
        try cancellation.check()
        let state = try job.state(cancellation)
        if state.name != shown { log("\(job.title): \(state.name)") }
        shown = state.name
        guard !state.isOver else { return try finish(job, state, log) }
        try RetryPolicy().pause(interval, cancellation)
      } catch  where error.kind == .cancelled {
        try stop(job, log)
        throw .cancelled
      }
    }
  }

  private func finish(
    _ job: some RemoteJob, _ state: RemoteJobState, _ log: (String) -> Void
  ) throws(WarehouseError) {
    if let bill = state.bill { log(bill) }
    guard state.phase != .succeeded else { return }
    throw WarehouseError(
      .server, "could not restage: \(job.title) ended as \(state.name)", detail: state.detail,
      hint: "Its log in the EMR console tells more.")
  }

  /// Cancels the job and waits for its end: what still ran would write on.
  private func stop(_ job: some RemoteJob, _ log: (String) -> Void) throws(WarehouseError) {
    log("cancelling \(job.title)")
    try job.cancel()
    for _ in 0..<patience {
      let state = try job.state(Cancellation())
      if state.isOver { return log("\(job.title): \(state.name)") }
      try RetryPolicy().pause(min(interval, .seconds(2)), Cancellation())
    }
    throw WarehouseError(
      .server, "could not see the end of \(job.title)", detail: "it was asked to end",
      hint: "Look at it in the EMR console: it may still run and cost money.")
  }
}
