/// A warehouse in the cloud as it stands after provisioning.
public struct CloudWarehouse: Sendable, Equatable {
  /// The cluster's or the workgroup's name.
  public var name: String
  /// Where it answers.
  public var endpoint: CloudEndpoint
  /// The role that it reads S3 with.
  public var roleARN: String
  /// The first database.
  public var database: String
  /// The first user.
  public var user: String
}

/// Makes, changes and removes the warehouse of a configuration at AWS.
///
/// Every step compares what is there with what is asked, so that after an interruption at any place
/// the same again finishes the work. What it makes bears the tag `sparkify:warehouse`, and what
/// does not bear it is never changed or removed. All functions block, most of them for minutes; the
/// ones that are async do so on a thread of their own, and end when their task is cancelled.
///
/// All functions throw `.configuration`, `.connection` or `.server` with who can act, and
/// `.cancelled`. AWS goes on with what it was asked for; nothing is undone.
public struct Provisioner: Sendable {
  /// What is asked for.
  public let plan: CloudPlan
  let calls: any CloudCalls
  let files: CloudFiles
  let pace: CloudPace
  let observe: CloudObserver

  /// A provisioner of what is configured. Nothing is asked yet.
  ///
  /// - Parameters:
  ///   - statements: hears of every call, as of statements.
  ///   - observe: hears of every step.
  /// - Throws: `.configuration` for what AWS would refuse.
  public init(
    _ configuration: Configuration, statements: StatementObserver? = nil,
    observe: @escaping CloudObserver = { _ in }
  ) throws(WarehouseError) {
    let settings = try CloudName.lifecycleSettings(configuration)
    let client = AWSClient(settings, observer: statements) { line in
      observe(.warned(.identity, line))
    }
    let plan = try CloudPlan(configuration, region: try client.region)
    let calls = LiveCloudCalls(
      client: client, connection: ConnectionSettings(configuration.server), observer: statements)
    self.init(
      plan, calls: calls, files: CloudFiles(configuration), pace: CloudPace(poll: plan.poll),
      observe: observe)
  }

  init(
    _ plan: CloudPlan, calls: any CloudCalls, files: CloudFiles, pace: CloudPace,
    observe: @escaping CloudObserver
  ) {
    self.plan = plan
    self.calls = calls
    self.files = files
    self.pace = pace
    self.observe = observe
  }

  /// Makes what is missing, changes what differs, waits until the warehouse answers steadily, and
  /// writes endpoint and role into the configuration file.
  @discardableResult
  public func provision(
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> CloudWarehouse {
    let work = work(cancellation)
    do throws(WarehouseError) {
      return try work.provision(files)
    } catch {
      guard error.kind != .cancelled, error.kind != .configuration else { throw error }
      var continued = error.explainedForCloud
      let next =
        "`sparkify cluster provision` goes on where this ended; "
        + "`sparkify cluster teardown` removes what is there."
      continued.hint = [continued.hint, next].compactMap { $0 }.joined(separator: " ")
      throw continued
    }
  }

  func work(_ cancellation: Cancellation) -> CloudWork {
    CloudWork(
      plan: plan, calls: calls, pace: pace, observe: observe, cancellation: cancellation)
  }

  /// Runs one of the functions on a thread of its own; cancelling the task stops it:
  /// `try await provisioner.detached { try $0.provision($1) }`.
  public func detached<Value: Sendable>(
    _ body: @escaping @Sendable (Provisioner, Cancellation) throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try body(self, cancellation)
    }
  }
}
