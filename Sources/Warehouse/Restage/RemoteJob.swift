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

/// A job on EMR did not do what it should.
struct RemoteJobFailure: Error, Equatable {
  var error: WarehouseError
  /// Whether it may still run, and so write: what it wrote must not be removed under it.
  var mayRun = false

  init(_ error: WarehouseError, mayRun: Bool = false) {
    self.error = error
    self.mayRun = mayRun
  }

  /// The answer to a request for a job failed. One that was lost may have started it.
  init(starting job: RestageJob, _ error: WarehouseError) {
    self.init(error)
    guard error.kind == .connection else { return }
    mayRun = true
    self.error.hint =
      "Look in the EMR console for \"\(job.title)\": it may run and cost money. Then start again."
  }
}

/// Watches a job to its end.
struct RemoteJobWatch: Sendable {
  /// How often is asked.
  var interval = Duration.seconds(10)
  /// How often is asked, at most, whether a cancelled job has ended; and how many looks in a row may
  /// fail.
  var patience = 30

  /// Returns when the job has succeeded. Blocks; a cancel ends the job first.
  ///
  /// - Throws: `.server` when it failed; `.cancelled`; what looks fail with, when none succeeds for
  ///   long.
  func follow(
    _ job: some RemoteJob, _ cancellation: Cancellation, log: (String) -> Void
  ) throws(RemoteJobFailure) {
    var shown = ""
    var failures = 0
    while true {
      let look = Result { () throws(WarehouseError) in
        try cancellation.check()
        return try job.state(cancellation)
      }
      switch look {
      case .success(let state):
        failures = 0
        if state.name != shown { log("\(job.title): \(state.name)") }
        shown = state.name
        if state.isOver { return try finish(job, state, log) }
      case .failure(let error) where error.kind == .cancelled: throw stop(job, log)
      case .failure(let error):
        failures += 1
        guard failures < patience else { throw giveUp(job, error, log) }
        log("\(error.message): asking again")
      }
      // A cancellation is heard at the next look.
      try? RetryPolicy().pause(interval, cancellation)
    }
  }

  /// Nobody knows how the job stands: it is asked to end, which may be heard.
  private func giveUp(
    _ job: some RemoteJob, _ error: WarehouseError, _ log: (String) -> Void
  ) -> RemoteJobFailure {
    log("cancelling \(job.title), which cannot be looked at")
    try? job.cancel()
    var error = error
    error.hint = "Look at it in the EMR console: it may still run and cost money."
    return RemoteJobFailure(error, mayRun: true)
  }

  private func finish(
    _ job: some RemoteJob, _ state: RemoteJobState, _ log: (String) -> Void
  ) throws(RemoteJobFailure) {
    if let bill = state.bill { log(bill) }
    guard state.phase != .succeeded else { return }
    throw RemoteJobFailure(
      WarehouseError(
        .server, "could not restage: \(job.title) ended as \(state.name)", detail: state.detail,
        hint: "Its log in the EMR console tells more."))
  }

  /// Cancels the job and waits for its end: what still ran would write on.
  ///
  /// - Returns: why it is over: it was cancelled, or it cannot be told whether it is.
  private func stop(_ job: some RemoteJob, _ log: (String) -> Void) -> RemoteJobFailure {
    log("cancelling \(job.title)")
    var isAsked = false
    var reason = "it was asked to end"
    for _ in 0..<patience {
      do throws(WarehouseError) {
        if !isAsked { try job.cancel() }
        isAsked = true
        let state = try job.state(Cancellation())
        if state.isOver {
          log("\(job.title): \(state.name)")
          return RemoteJobFailure(.cancelled)
        }
      } catch { reason = [error.message, error.detail].compactMap { $0 }.joined(separator: ": ") }
      try? RetryPolicy().pause(min(interval, .seconds(2)), Cancellation())
    }
    return RemoteJobFailure(
      WarehouseError(
        .server, "could not see the end of \(job.title)", detail: reason,
        hint: "Look at it in the EMR console: it may still run and cost money."), mayRun: true)
  }
}
