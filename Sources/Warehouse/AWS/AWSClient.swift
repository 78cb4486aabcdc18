import Synchronization

/// Calls AWS: finds the address, signs, sends, tries again where that helps, and says what went
/// wrong where it does not.
///
/// All calls block; make them on a thread that may. Any thread may.
public final class AWSClient: Sendable {
  let settings: AWSSettings
  let profiles: SharedProfiles
  let transport: HTTPTransport
  let retry: RetryPolicy
  let credentials: CredentialChain
  private let observer: StatementObserver?
  private let notice: (@Sendable (String) -> Void)?
  private let tokens = RetryTokens()
  private let keys = SigningKeys()
  /// Milliseconds that AWS's clock is ahead of ours.
  private let clockOffset = Atomic<Int>(0)
  /// The regions of buckets that were not where they were looked for.
  private let bucketRegions = Mutex<[String: String]>([:])

  /// A client of what is configured. Nothing is read or asked before the first call.
  ///
  /// - Parameters:
  ///   - observer: hears of the calls, as of statements.
  ///   - notice: hears what a person should know besides: that this machine's clock is wrong.
  public convenience init(
    _ settings: AWSSettings, observer: StatementObserver? = nil,
    notice: (@Sendable (String) -> Void)? = nil
  ) {
    self.init(settings, retry: RetryPolicy(), observer: observer, notice: notice)
  }

  init(
    _ settings: AWSSettings, limits: HTTPLimits = HTTPLimits(), retry: RetryPolicy,
    observer: StatementObserver? = nil, notice: (@Sendable (String) -> Void)? = nil
  ) {
    self.settings = settings
    self.retry = retry
    self.observer = observer
    self.notice = notice
    profiles = SharedProfiles(settings)
    let bundle = settings.surroundings["AWS_CA_BUNDLE"]?.reveal()
    // A profile that cannot be read is told by whoever needs more of it.
    transport = HTTPTransport(limits: limits) { [profiles] in
      bundle ?? (try? profiles.value("ca_bundle"))
    }
    credentials = CredentialChain(settings, profiles, transport, retry)
  }

  /// Does one call.
  ///
  /// - Throws: an error that says who can act; `.cancelled`.
  func send(_ call: AWSCall, _ cancellation: Cancellation) throws(WarehouseError) -> HTTPResponse {
    let start = ContinuousClock.now
    let startedAt = Timestamp.now()
    var attempt = AWSAttempt(call: call, region: try region(of: call))
    let result = Result { () throws(WarehouseError) in
      try send(&attempt, cancellation)
    }
    report(attempt, result, startedAt, ContinuousClock.now - start)
    return try result.get()
  }

  private func send(
    _ attempt: inout AWSAttempt, _ cancellation: Cancellation
  ) throws(WarehouseError) -> HTTPResponse {
    while true {
      attempt.count += 1
      let signer = try credentials(for: attempt.call, cancellation)
      attempt.signer = signer
      let request = try request(for: attempt, signedBy: signer)
      let step: AWSAttempt.Step
      switch transport.send(request, cancellation) {
      case .failure(.cancelled): throw .cancelled
      case .failure(let failure): step = attempt.step(after: failure)
      case .success(let response):
        if let fault = AWSFault(response, form: attempt.call.service.form) {
          step = attempt.step(after: fault, response)
        } else if let damage = attempt.call.damage?(response) {
          step = .wait(isThrottled: false, asked: nil, damage)
        } else {
          tokens.giveBack(attempt.paid)
          return response
        }
      }
      try take(step, &attempt, cancellation)
    }
  }

  /// Does what must be done before the next try, or throws when there is to be none.
  private func take(
    _ step: AWSAttempt.Step, _ attempt: inout AWSAttempt, _ cancellation: Cancellation
  ) throws(WarehouseError) {
    switch step {
    case .fail(let error): throw error
    case .wait(let isThrottled, let asked, let error):
      guard try attempt.count < attempts, let paid = tokens.take(isThrottled: isThrottled) else {
        throw error
      }
      attempt.paid = paid
      let delay = retry.delay(
        before: attempt.count + 1, isThrottled: isThrottled, asked: asked)
      try retry.pause(delay, cancellation)
    case .setClock(let offset): setClock(offset, &attempt)
    case .renewCredentials: if let ended = attempt.signer { credentials.forget(ended) }
    case .move(let known, let error):
      guard let region = known ?? headBucketRegion(attempt, cancellation), region != attempt.region
      else { throw error }
      attempt.region = region
      if let bucket = attempt.call.bucket { bucketRegions.withLock { $0[bucket] = region } }
    }
  }

  /// Signs from now on by AWS's clock, and says once that this machine's is wrong.
  private func setClock(_ offset: Int, _ attempt: inout AWSAttempt) {
    let before = clockOffset.exchange(offset, ordering: .relaxed)
    let remark =
      "this machine's clock is \(abs(offset / 1000)) s \(offset < 0 ? "ahead of" : "behind") AWS's"
    attempt.remark = remark
    if before == 0 { notice?(remark + ": set it; requests are signed with AWS's time meanwhile") }
  }

  private func credentials(
    for call: AWSCall, _ cancellation: Cancellation
  ) throws(WarehouseError) -> AWSCredentials? {
    if call.isUnsigned || settings.isAnonymous { return nil }
    return try credentials.current(cancellation)
  }

  private func request(
    for attempt: AWSAttempt, signedBy credentials: AWSCredentials?
  ) throws(WarehouseError) -> HTTPRequest {
    let call = attempt.call
    var request = try endpoint(of: call, in: attempt.region)
    request.method = call.method
    request.query = call.query
    request.headers = call.headers
    request.body = call.body
    request.needsFreshConnection = !call.isRepeatable
    request.headers.append(("User-Agent", "sparkify"))
    guard let credentials else { return request }
    let offset = Int64(clockOffset.load(ordering: .relaxed))
    let now = Timestamp(milliseconds: Timestamp.now().milliseconds + offset)
    let agent = request.headers.removeLast()
    try RequestSigner(
      service: call.service.name, region: call.service.signingRegion(in: attempt.region),
      keys: keys
    ).sign(&request, with: credentials, at: now)
    request.headers.append(agent)
    return request
  }

  private func region(of call: AWSCall) throws(WarehouseError) -> String {
    if let bucket = call.bucket, let known = bucketRegions.withLock({ $0[bucket] }) { return known }
    return try region
  }

  /// The region of a bucket, as far as calls before have shown; else the configured one.
  func region(ofBucket bucket: String) throws(WarehouseError) -> String {
    if let known = bucketRegions.withLock({ $0[bucket] }) { return known }
    return try region
  }

  /// The region of a bucket, as S3 says it even to those who may not look into the bucket.
  private func headBucketRegion(
    _ attempt: AWSAttempt, _ cancellation: Cancellation
  ) -> String? {
    guard let bucket = attempt.call.bucket else { return nil }
    var call = AWSCall(.s3, "HeadBucket", purpose: "find the region of \(bucket)", bucket: bucket)
    call.method = "HEAD"
    let asking = AWSAttempt(call: call, region: attempt.region)
    guard let signer = try? credentials(for: call, cancellation),
      let request = try? request(for: asking, signedBy: signer),
      case .success(let response) = transport.send(request, cancellation)
    else { return nil }
    return response[header: "x-amz-bucket-region"]
  }

  // MARK: The command log

  private func report(
    _ attempt: AWSAttempt, _ result: Result<HTTPResponse, WarehouseError>, _ startedAt: Timestamp,
    _ duration: Duration
  ) {
    var error: WarehouseError?
    if case .failure(let failure) = result { error = failure }
    guard let observer, error != nil || attempt.count > 1 || !attempt.call.isQuiet else { return }
    let call = attempt.call
    var text = "\(call.service.name):\(call.operation) \(call.bucket.map { "/" + $0 } ?? "")"
    text += call.words ?? call.path
    if attempt.count > 1 { text += " (\(attempt.count) tries)" }
    if let remark = attempt.remark { text += ": " + remark }
    observer(
      StatementRecord(
        sql: text, parameterCount: call.query.count, startedAt: startedAt.milliseconds,
        duration: duration, rows: nil, error: error))
  }
}
