import Warehouse

/// Something that is fetched. Old values stay until new ones come, and late answers are dropped.
struct Loadable<Value: Sendable>: Sendable {
  /// What goes on.
  enum Phase: Equatable, Sendable {
    case idle
    /// Asked for, since a moment.
    case loading(since: Duration)
    case loaded
    case failed(WarehouseError)
  }

  /// The latest answer; nil before the first.
  private(set) var value: Value?
  private(set) var phase: Phase = .idle
  private var generation = 0

  /// Notes that it is asked for, and returns the number that the answer must bear.
  mutating func begin(at moment: Duration) -> Int {
    generation += 1
    phase = .loading(since: moment)
    return generation
  }

  /// Takes an answer; `false` when a newer one was asked for meanwhile.
  @discardableResult
  mutating func finish(_ generation: Int, _ answer: Result<Value, WarehouseError>) -> Bool {
    guard generation == self.generation else { return false }
    switch answer {
    case .success(let value):
      self.value = value
      phase = .loaded
    case .failure(let error): phase = .failed(error)
    }
    return true
  }

  /// Takes what is known so far of an answer; more will come.
  mutating func grow(_ generation: Int, _ value: Value) {
    guard generation == self.generation, isLoading else { return }
    self.value = value
  }

  /// Changes what is there, as something else told of it; an answer that is awaited still counts.
  mutating func edit(_ change: (inout Value) -> Void) {
    guard var edited = value else { return }
    change(&edited)
    value = edited
  }

  /// Drops the answer that is awaited: nobody wants it any more.
  mutating func abandon() {
    guard isLoading else { return }
    generation += 1
    phase = value == nil ? .idle : .loaded
  }

  /// Without a value; an answer that is awaited is dropped.
  var emptied: Loadable {
    var other = Loadable()
    other.generation = generation + 1
    return other
  }

  /// Lets it be asked for again; the value stays until then.
  mutating func askAgain() {
    generation += 1
    phase = .idle
  }

  /// Whether it was never asked for, or nobody waited for the answer.
  var isIdle: Bool { phase == .idle }

  /// Whether an answer is awaited.
  var isLoading: Bool {
    if case .loading = phase { true } else { false }
  }

  /// Since when an answer is awaited; nil when none is.
  var since: Duration? {
    if case .loading(let since) = phase { since } else { nil }
  }

  /// Why there is no newer value.
  var error: WarehouseError? {
    if case .failed(let error) = phase { error } else { nil }
  }
}

extension Loadable: Equatable where Value: Equatable {}
