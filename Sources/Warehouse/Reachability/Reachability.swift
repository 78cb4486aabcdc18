/// Tells how far a warehouse can be reached, and where it ends: each step needs the one before it.
public struct Reachability: Sendable {
  private let target: WarehouseTarget

  /// The way to a target.
  public init(_ target: WarehouseTarget) { self.target = target }

  /// Tries every step, for some seconds at most each. Starts an embedded cluster.
  ///
  /// Never throws: what went wrong is in a step. Cancelling ends it early.
  public func check() async -> [ReachabilityStep] {
    var steps: [ReachabilityStep] = []
    if target.cluster == nil {
      steps = await NetworkPath(ConnectionSettings(target.configuration.server)).check()
      if steps.contains(where: { $0.outcome == .failed }) {
        return steps + ["TLS", "login", "privileges"].map { .skipped($0) }
      }
    }
    return steps + (await checkSession())
  }

  private func checkSession() async -> [ReachabilityStep] {
    let start = ContinuousClock.now
    do throws(WarehouseError) {
      let session = try await target.openSession()
      let login = ReachabilityStep(
        name: "login", outcome: .passed, detail: await account(of: session),
        duration: ContinuousClock.now - start)
      let steps = [await encryption(of: session), login, await privileges(of: session)]
      await session.close()
      return steps
    } catch {
      let duration = ContinuousClock.now - start
      if target.cluster != nil {
        return [
          .failed("server", error, after: duration), .skipped("login"), .skipped("privileges"),
        ]
      }
      if error.isAboutTLS {
        return [.failed("TLS", error, after: duration), .skipped("login"), .skipped("privileges")]
      }
      return [
        .skipped("TLS", "not known"), .failed("login", error, after: duration),
        .skipped("privileges"),
      ]
    }
  }

  private func account(of session: PostgresSession) async -> String {
    let row = try? await session.execute("SELECT current_user, current_database()").rows.first
    return "\(row?.text(0) ?? "?") in \(row?.text(1) ?? "?")"
  }

  private func encryption(of session: PostgresSession) async -> ReachabilityStep {
    if target.cluster != nil { return .skipped("TLS", "a Unix socket of this machine") }
    let row = try? await session.execute(
      "SELECT ssl, version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    ).rows.first
    guard row?.text(0) == "t" else {
      return ReachabilityStep(
        name: "TLS", outcome: .passed, detail: "the connection is not encrypted",
        remedy: "Set SSLMODE to verify-full when the network is not trusted.")
    }
    return ReachabilityStep(
      name: "TLS", outcome: .passed, detail: "\(row?.text(1) ?? "") \(row?.text(2) ?? "")")
  }

  private func privileges(of session: PostgresSession) async -> ReachabilityStep {
    let start = ContinuousClock.now
    do throws(WarehouseError) {
      let mayCreate = try await session.execute(
        "SELECT has_database_privilege(current_database(), 'CREATE')"
      ).scalar
      let duration = ContinuousClock.now - start
      guard mayCreate == "t" else {
        return ReachabilityStep(
          name: "privileges", outcome: .failed, detail: "this user may not create schemas",
          remedy: "Have the owner run: GRANT CREATE ON DATABASE … TO this user.",
          duration: duration)
      }
      return ReachabilityStep(
        name: "privileges", outcome: .passed, detail: "may create schemas", duration: duration)
    } catch {
      return .failed("privileges", error, after: ContinuousClock.now - start)
    }
  }
}

extension WarehouseError {
  /// Whether libpq's words are about encryption or certificates.
  fileprivate var isAboutTLS: Bool {
    let words = (message + " " + (detail ?? "")).lowercased()
    return ["ssl", "tls", "certificate"].contains { words.contains($0) }
  }
}
