/// Whether the server lets us in, and what we may do there.
struct SessionReachability: Sendable {
  static let steps = ["login", "privileges"]

  private let target: WarehouseTarget

  init(_ target: WarehouseTarget) { self.target = target }

  func check(_ report: ReachabilityReport) async {
    let clock = Stopwatch()
    do throws(WarehouseError) {
      let session = try await target.openSession()
      if target.cluster != nil {
        report.add(
          ReachabilityStep(
            name: "server", outcome: .passed, detail: "a private PostgreSQL on a Unix socket",
            duration: clock.elapsed))
      }
      let login = clock.elapsed
      var step = await account(of: session)
      step.duration = login
      report.add(step)
      await report.time { await privileges(of: session) }
      await session.close()
    } catch {
      if target.cluster != nil {
        report.add(.failed("server", error, after: clock.elapsed))
        report.skip(["login", "privileges"])
      } else {
        report.add(failedLogin(error, after: clock.elapsed))
        report.skip(["privileges"])
      }
    }
  }

  private func account(of session: PostgresSession) async -> ReachabilityStep {
    let row = try? await session.execute("SELECT current_user, current_database()").rows.first
    let account = "\(row?.text(0) ?? "?") in \(row?.text(1) ?? "?")"
    return ReachabilityStep(
      name: "login", outcome: .passed,
      detail: target.usesTemporaryLogin ? account + ", temporary login by AWS" : account)
  }

  /// Whether AWS says who we are on a workgroup: nobody else can name that user.
  private var isOfIdentity: Bool {
    guard target.usesTemporaryLogin, case .workgroup? = CloudName(target.configuration) else {
      return false
    }
    return true
  }

  /// Says which of the ways to log in was refused; the server's own words stand.
  private func failedLogin(
    _ error: WarehouseError, after duration: Duration
  ) -> ReachabilityStep {
    var step = ReachabilityStep.failed("login", error, after: duration)
    guard target.usesTemporaryLogin, error.serviceCode == nil, error.sqlState != nil else {
      return step
    }
    step.remedy =
      "AWS gave a login and the server refused it: check that DB_USER exists there, or set "
      + "AUTO_CREATE_USER to on."
    return step
  }

  private func privileges(of session: PostgresSession) async -> ReachabilityStep {
    let rows: [[String?]]
    do throws(WarehouseError) {
      rows = try await session.execute(Statement(SQLText.selectPrivileges)).rows
    } catch {
      // That it could not be asked says nothing about what is allowed.
      var step = ReachabilityStep.failed("privileges", error)
      if error.kind == .server { step.outcome = .warning }
      return step
    }
    func step(
      _ outcome: ReachabilityStep.Outcome, _ detail: String, _ remedy: String? = nil
    ) -> ReachabilityStep {
      ReachabilityStep(name: "privileges", outcome: outcome, detail: detail, remedy: remedy)
    }
    guard rows.first?.text(0) == "t" else {
      return step(
        .failed, "this user may not create schemas",
        isOfIdentity
          ? "Run `sparkify cluster provision` again: it lets this user make schemas."
          : "Have the owner run: GRANT CREATE ON DATABASE … TO this user.")
    }
    let schemas = rows.filter { $0.indices.contains(1) && $0[1] != nil }
    let closed = schemas.filter { $0.text(2) != "t" || $0.text(3) != "t" }.map { $0.text(1) }
    guard closed.isEmpty else {
      return step(
        .failed, "may create schemas, but not use and fill \(closed.joined(separator: ", "))",
        "Have the owner run: GRANT USAGE, CREATE ON SCHEMA \(closed.joined(separator: ", ")) TO "
          + "this user; a run also drops the tables in it, which only their owner may.")
    }
    return step(
      .passed,
      "may create schemas"
        + (schemas.isEmpty
          ? "" : ", and use \(schemas.map { $0.text(1) }.joined(separator: ", "))"))
  }
}
