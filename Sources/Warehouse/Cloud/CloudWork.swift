/// Something that is being done to a warehouse in the cloud: who answers, who listens, who stops it.
struct CloudWork {
  let plan: CloudPlan
  let calls: any CloudCalls
  let pace: CloudPace
  let observe: CloudObserver
  let cancellation: Cancellation

  /// A value with what a step has to say of it.
  typealias Outcome<Value> = (value: Value, change: CloudChange, note: String)

  /// Does a step, and tells of it.
  func step<Value>(
    _ step: CloudStep, _ body: () throws(WarehouseError) -> Outcome<Value>
  ) throws(WarehouseError) -> Value {
    try cancellation.check()
    observe(.started(step))
    do throws(WarehouseError) {
      let outcome = try body()
      observe(.finished(step, outcome.change, outcome.note))
      return outcome.value
    } catch {
      let explained = error.explainedForCloud
      if error.kind != .cancelled { observe(.failed(step, explained)) }
      throw explained
    }
  }

  /// How something stands that is waited for.
  enum Look<Value> {
    case there(Value)
    case going(String)
  }

  /// Looks until it is there. A network that is away for some minutes ends nothing: AWS goes on.
  ///
  /// - Throws: what a look throws; `.connection` when nobody answers for long; `.server` when it takes
  ///   too long; `.cancelled`.
  func wait<Value>(
    _ step: CloudStep, for what: String, _ look: () throws(WarehouseError) -> Look<Value>
  ) throws(WarehouseError) -> Value {
    let start = ContinuousClock.now
    var last = ""
    var silences = 0
    for _ in 0..<pace.polls {
      try cancellation.check()
      let answer = Result { () throws(WarehouseError) in try look() }
      switch answer {
      case .success(.there(let value)): return value
      case .success(.going(let words)):
        last = words
        silences = 0
        observe(.progressed(step, "\(words), \((ContinuousClock.now - start).minutesText)"))
      case .failure(let error):
        silences += 1
        guard error.kind == .connection, silences <= pace.silences else { throw error }
        observe(.progressed(step, "AWS does not answer: \(error.message)"))
      }
      try pace.pause(pace.poll, cancellation)
    }
    throw WarehouseError(
      .server, "could not wait longer for \(what)", detail: "it is still \(last)",
      hint: "AWS may still be at it: ask again to go on waiting.")
  }

  /// Tries again while AWS does not know everywhere what was made a moment ago, or has not let go
  /// of what was removed.
  func settling<Value>(
    while isUnsettled: (WarehouseError) -> Bool,
    _ body: () throws(WarehouseError) -> Value
  ) throws(WarehouseError) -> Value {
    var tries = 1
    while true {
      do throws(WarehouseError) {
        return try body()
      } catch {
        guard isUnsettled(error), tries < pace.settles else { throw error }
      }
      tries += 1
      try pace.pause(pace.settle, cancellation)
    }
  }

  /// Tries again while AWS does not know a role that was made a moment ago, and says that it waits.
  func settlingRole<Value>(
    _ step: CloudStep, _ body: () throws(WarehouseError) -> Value
  ) throws(WarehouseError) -> Value {
    let start = ContinuousClock.now
    let isAwaited: (WarehouseError) -> Bool = { error in
      guard error.isAboutNewRole else { return false }
      let elapsed = (ContinuousClock.now - start).minutesText
      observe(.progressed(step, "waiting until AWS knows the role everywhere, \(elapsed)"))
      return true
    }
    return try settling(while: isAwaited, body)
  }

  /// The value, or nil when AWS answers with one of these codes.
  func absent<Value>(
    _ codes: String..., body: () throws(WarehouseError) -> Value
  ) throws(WarehouseError) -> Value? {
    do throws(WarehouseError) {
      return try body()
    } catch {
      guard codes.contains(where: { error.isFault($0) }) else { throw error }
      return nil
    }
  }

  /// The error of something that has our name and not our mark.
  func foreign(_ what: String, remedy: String) -> WarehouseError {
    WarehouseError(
      .configuration, "could not take over \(what)",
      detail: "it is there without the tag \(CloudPlan.tag)=\(plan.name): somebody else made it",
      hint: remedy)
  }
}

extension Duration {
  /// `45 s`, `12 min 5 s`.
  var minutesText: String {
    let seconds = components.seconds
    return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }
}
