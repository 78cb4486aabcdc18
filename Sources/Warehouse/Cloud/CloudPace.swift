/// How long to wait for what takes its time at AWS.
struct CloudPace: Sendable {
  /// Between two looks at a cluster.
  var poll: Duration
  /// Between two tries of what needs seconds to be known everywhere: a role, a security group.
  var settle: Duration
  /// Looks at a cluster before giving up: at 15 seconds, 90 minutes.
  var polls = 360
  /// Tries of what needs seconds.
  var settles = 40
  /// How many looks in a row may find nobody who answers: at 15 seconds, five minutes without a
  /// network.
  var silences = 20
  /// How many looks in a row must find a cluster available: it may blink after it was made.
  var steady = 3
  /// Waits so long; throws when somebody asked for the end.
  var pause: @Sendable (Duration, Cancellation) throws(WarehouseError) -> Void = RetryPolicy().pause

  init(poll: Duration) {
    self.poll = poll
    settle = min(.seconds(3), poll)
  }
}
