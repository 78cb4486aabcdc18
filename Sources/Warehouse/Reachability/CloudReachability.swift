/// Whether AWS knows us, and whether the warehouse that the configuration names runs and can be
/// reached and can read.
struct CloudReachability: Sendable {
  private let configuration: Configuration
  private let name: CloudName
  private let client: AWSClient

  /// Nil when the configuration is about no warehouse in the cloud.
  init?(_ configuration: Configuration, _ observer: StatementObserver?) {
    guard let name = CloudName(configuration) else { return nil }
    self.configuration = configuration
    self.name = name
    client = AWSClient(CloudName.settings(configuration), observer: observer)
  }

  /// What the steps before the network found.
  struct Finding: Sendable {
    /// Why the server cannot answer; nil when it can.
    var obstacle: String?
    var cluster: CloudCluster?
    var workgroup: CloudWorkgroup?
    var namespace: CloudNamespace?
    /// Whether AWS answers us at all.
    var isKnown = true
    var region: String?
    /// The number of the account that asks.
    var account: String?
  }

  /// Asks who we are, how the warehouse stands, and who is let in.
  func check(_ report: ReachabilityReport) async -> Finding {
    var finding = Finding()
    finding.region = try? client.region
    let identity = Stopwatch()
    var known = await self.identity(&finding)
    known.duration = identity.elapsed
    report.add(known)
    guard !report.hasFailed else {
      report.skip([stepName, "network"])
      finding.isKnown = false
      return finding
    }
    let clock = Stopwatch()
    var step = await look(&finding)
    step.duration = clock.elapsed
    report.add(step)
    guard finding.cluster != nil || finding.workgroup != nil else {
      report.skip(["network"])
      return finding
    }
    let found = finding
    await report.time { await network(found) }
    return finding
  }

  private var stepName: String {
    switch name {
    case .cluster: "cluster"
    case .workgroup: "workgroup"
    }
  }

  /// Asks AWS, on a thread that may wait.
  private func ask<Value: Sendable>(
    _ body: @escaping @Sendable (LiveCloudCalls, Cancellation) throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let calls = LiveCloudCalls(client: client)
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try body(calls, cancellation)
    }
  }

  private func identity(_ finding: inout Finding) async -> ReachabilityStep {
    do throws(WarehouseError) {
      let answer = try await ask { calls, cancellation throws(WarehouseError) in
        try calls.query(.sts, "GetCallerIdentity", [], purpose: "ask AWS who we are", cancellation)
      }
      finding.account = answer.text("Account")
      return ReachabilityStep(
        name: "AWS", outcome: .passed,
        detail: "account \(answer.text("Account") ?? "?") as \(answer.text("Arn") ?? "?")")
    } catch {
      return .failed("AWS", error)
    }
  }

  // MARK: The warehouse

  private func look(_ finding: inout Finding) async -> ReachabilityStep {
    do throws(WarehouseError) {
      switch name {
      case .cluster(let name):
        finding.cluster = try await ask { calls, cancellation throws(WarehouseError) in
          try RedshiftClient(calls: calls, cancellation: cancellation).cluster(name)
        }
      case .workgroup(let name):
        let found = try await ask { calls, cancellation throws(WarehouseError) in
          let serverless = ServerlessClient(calls: calls, cancellation: cancellation)
          let workgroup = try serverless.workgroup(name)
          return (workgroup, workgroup.flatMap { try? serverless.namespace($0.namespace) })
        }
        (finding.workgroup, finding.namespace) = found
      }
    } catch {
      return .failed(stepName, error)
    }
    return verdict(&finding)
  }

  private func verdict(_ finding: inout Finding) -> ReachabilityStep {
    let state = finding.cluster?.state ?? finding.workgroup?.state
    if let obstacle = CloudObstacle(name, region: finding.region ?? "this region", state) {
      let words = state.map { "it is \($0.word)" } ?? obstacle.words
      finding.obstacle = words
      return ReachabilityStep(
        name: stepName, outcome: .failed, detail: words, remedy: obstacle.remedy)
    }
    let size =
      finding.cluster.map { ", \($0.nodeCount) × \($0.nodeType)" }
      ?? finding.workgroup?.baseCapacity.map { ", \($0) units" } ?? ""
    return ReachabilityStep(name: stepName, outcome: .passed, detail: "available" + size)
  }

  // MARK: Who is let in

  private func network(_ finding: Finding) async -> ReachabilityStep {
    func step(
      _ outcome: ReachabilityStep.Outcome, _ detail: String, _ remedy: String? = nil
    ) -> ReachabilityStep {
      ReachabilityStep(name: "network", outcome: outcome, detail: detail, remedy: remedy)
    }
    let isPublic = finding.cluster?.isPublic ?? finding.workgroup?.isPublic ?? true
    guard isPublic else {
      return step(
        .warning, "it has no address on the internet",
        "Come from its own network (a VPN, a machine there), or set DWH_PUBLIC to on and "
          + "provision again.")
    }
    let port =
      finding.cluster?.endpoint?.port ?? finding.workgroup?.endpoint?.port
      ?? configuration.server.port ?? 5439
    let groups = finding.cluster?.securityGroups ?? finding.workgroup?.securityGroups ?? []
    do throws(WarehouseError) {
      let rules = try await ask { calls, cancellation throws(WarehouseError) in
        try EC2Client(calls: calls, cancellation: cancellation).groups(identified: groups)
      }.flatMap(\.rules).filter { $0.covers(port) }
      let open = Set(rules.map(\.addresses)).sorted().joined(separator: ", ")
      guard !rules.isEmpty else {
        return step(
          .warning, "no rule lets anybody in on port \(port)",
          "Run `sparkify cluster provision` again: it lets this machine in.")
      }
      guard let own = await ownAddress(), let address = AddressRange(own) else {
        return step(.passed, "on port \(port) come in \(open)")
      }
      let isIn = rules.contains { AddressRange($0.addresses)?.contains(address) ?? false }
      return isIn
        ? step(.passed, "\(own) comes in on port \(port)")
        : step(
          .warning, "no rule lets \(own) in on port \(port); in come \(open)",
          "Run `sparkify cluster provision` again: it lets this machine in.")
    } catch {
      return step(
        .skipped, "the security groups may not be looked at (\(error.serviceCode ?? error.message))"
      )
    }
  }

  /// This machine's address as the world sees it; nil when nobody tells.
  private func ownAddress() async -> String? {
    let text = try? await ask { calls, cancellation throws(WarehouseError) in
      try calls.callerAddress(cancellation)
    }
    return text.map { $0.filter { !$0.isWhitespace } }.flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: The role

  /// Whether the role that the warehouse reads with can be used.
  func checkRole(_ finding: Finding, _ report: ReachabilityReport) async {
    guard finding.isKnown else { return report.skip(["role"]) }
    guard let arn = configuration.role.arn else {
      guard readsBuckets else { return report.skip(["role"], "no source lies in a bucket") }
      return report.add(
        ReachabilityStep(
          name: "role", outcome: .failed, detail: "there is no IAM_ROLE.ARN",
          remedy: "Run `sparkify cluster provision`: it makes the role and writes it there."))
    }
    await report.time { await role(arn, finding) }
  }

  private var readsBuckets: Bool {
    [configuration.sources.logData, configuration.sources.songData].contains { place in
      if case .s3? = place { true } else { false }
    }
  }

  private func role(_ arn: String, _ finding: Finding) async -> ReachabilityStep {
    func step(
      _ outcome: ReachabilityStep.Outcome, _ detail: String, _ remedy: String? = nil
    ) -> ReachabilityStep {
      ReachabilityStep(name: "role", outcome: outcome, detail: detail, remedy: remedy)
    }
    let name = String(arn.split(separator: "/").last ?? "")
    var unknown = ""
    // The role of another account cannot be asked for: ours may have another one of that name.
    if let owner = Self.account(of: arn), let own = finding.account, owner != own {
      let attached = attachment(of: arn, finding, "; it is of the account \(owner): not looked at")
      guard attached.outcome == .passed else { return attached }
      return step(
        .warning, "\(arn) is of another account: not looked at",
        "Make sure there that the service redshift.amazonaws.com may assume it.")
    }
    do throws(WarehouseError) {
      let role = try await ask { calls, cancellation throws(WarehouseError) in
        try IAMClient(calls: calls, cancellation: cancellation).role(name)
      }
      let missing = TrustPolicy(role.trust).missing(of: trusted)
      guard missing.isEmpty else {
        return step(
          .failed, "\(name) is there, but Redshift may not take it",
          "Let the service \(missing.joined(separator: " and ")) assume it: `sparkify cluster "
            + "policy` prints how.")
      }
    } catch {
      if error.isFault("NoSuchEntity") {
        return step(
          .failed, "there is no role \(name)",
          "Run `sparkify cluster provision`, or correct IAM_ROLE.ARN.")
      }
      guard error.serviceCode?.hasPrefix("AccessDenied") == true else {
        return .failed("role", error)
      }
      unknown = "; whom it trusts may not be asked"
    }
    return attachment(of: arn, finding, unknown)
  }

  /// The services that the role must trust: a workgroup uses it under two names.
  private var trusted: [String] {
    switch self.name {
    case .cluster: ["redshift.amazonaws.com"]
    case .workgroup: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]
    }
  }

  /// The number of the account in `arn:aws:iam::123456789012:role/name`.
  static func account(of arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 5 && !parts[4].isEmpty ? String(parts[4]) : nil
  }

  private func attachment(
    of arn: String, _ finding: Finding, _ unknown: String
  ) -> ReachabilityStep {
    func step(
      _ outcome: ReachabilityStep.Outcome, _ detail: String, _ remedy: String? = nil
    ) -> ReachabilityStep {
      ReachabilityStep(
        name: "role", outcome: outcome, detail: detail + unknown, remedy: remedy)
    }
    let status: String?
    if let cluster = finding.cluster {
      status = cluster.roles.first { $0.arn == arn }?.status
    } else if let namespace = finding.namespace {
      status = namespace.roles.contains(arn) ? "in-sync" : nil
    } else {
      return step(.passed, "\(arn) is there and trusts Redshift")
    }
    switch status {
    case "in-sync"?: return step(.passed, "\(arn) is there, trusts Redshift, and is attached")
    case let status?:
      return step(
        .warning, "\(arn) is attached and \(status)", "Wait a minute: AWS is still at it.")
    case nil:
      return step(
        .failed, "\(arn) is not attached to \(name.title)",
        "Run `sparkify cluster provision` again: it attaches the role.")
    }
  }
}

extension EC2Rule {
  /// Whether the rule lets TCP in on a port; "-1" is every protocol.
  fileprivate func covers(_ port: Int) -> Bool {
    guard transport == "tcp" || transport == "-1" || transport == "6" else { return false }
    return (first ?? 0) <= port && port <= (last ?? 65_535)
  }
}

/// Who may take a role.
struct TrustPolicy {
  private let document: JSONValue?

  init(_ text: String) { document = JSONValue(parsing: Array(text.utf8)) }

  /// Those of the services that no statement lets take the role. Conditions are not weighed.
  func missing(of services: [String]) -> [String] {
    let admitted = (document?["Statement"].map(\.listed) ?? []).flatMap { statement in
      let actions = statement["Action"]?.listed.compactMap { $0.text?.lowercased() } ?? []
      guard statement["Effect"]?.text == "Allow",
        actions.contains(where: { ["sts:assumerole", "sts:*", "*"].contains($0) })
      else { return [String]() }
      return statement["Principal"]?["Service"]?.listed.compactMap(\.text) ?? []
    }
    // China's have an ending of their own.
    return services.filter { service in !admitted.contains { $0.hasPrefix(service) } }
  }
}

extension JSONValue {
  /// The elements; of what is no array itself: in policies one may stand for a list of one.
  fileprivate var listed: [JSONValue] { elements ?? [self] }
}
