import Testing

@testable import Warehouse

/// One thing after another fails for good while a run goes on. The run ends in success, or in an error
/// that says what failed; the next run gets past it; in the end the star is as it was, and nothing is
/// left anywhere.
@Suite("A run on Redshift in which one thing fails for good")
struct RunFaultTests {
  /// A kind of statement, and the stage that is the first to send it.
  private struct Kind {
    var stage: StageID
    var text: String
  }

  @Test("each kind of statement, in turn refused, in conflict and cut off", arguments: [0, 1])
  func statements(_ half: Int) async throws {
    let redshift = try await Self.warehouse("statements-\(half)")
    let kinds = try await Self.record(redshift)
    let star = try await redshift.star()
    // The stage that the next run must begin with: nil when there is no build.
    var failed: StageID?
    for (index, kind) in kinds.enumerated() where index % 2 == half {
      let fault = Self.fault(index / 2, kind)
      try redshift.aws.inject(fault, "kind:" + kind.text, times: 10_000)
      let report = await redshift.run(.from(failed.map { min($0, kind.stage) } ?? .create))
      try redshift.aws.control("faults")
      failed = report.outcome == .succeeded ? nil : max(.create, report.failedStage ?? .create)
      let what: Comment = "\(fault), \(kind.stage): \(kind.text): \(report.outcome)"
      #expect(report.outcome != .cancelled, what)
      if let error = report.error { #expect(Self.tells(error, fault), what) }
      #expect(try redshift.aws.litter() == [], what)
    }
    try await Self.expectWhole(redshift, star)
  }

  @Test("each operation of S3, refused and cut off, of a source as it is and of one that is packed")
  func objects() async throws {
    let redshift = try await Self.warehouse("objects")
    try await Self.expectSuccess(redshift)
    let star = try await redshift.star()
    for restage in [nil, Self.packed] {
      for operation in try await Self.operations(redshift, restage) {
        for kind in ["500", "reset", "bare", "403"] {
          try redshift.aws.inject(kind, "^\(operation)$", times: 10_000)
          let report = await redshift.run { $0.restage = restage }
          try redshift.aws.control("faults")
          let what: Comment = "\(operation), \(kind): \(report.outcome)"
          #expect(report.outcome != .cancelled, what)
          if let error = report.error { #expect(error.message.hasPrefix("could not"), what) }
          guard try !redshift.aws.litter().isEmpty else { continue }
          // What could not be removed, the next run removes.
          #expect(operation == "s3:DeleteObjects", what)
          try await Self.expectSuccess(redshift)
          #expect(try redshift.aws.litter() == [], what)
        }
      }
    }
    try await Self.expectWhole(redshift, star)
  }

  @Test("every login: the run says so, and the next one finds the warehouse as it was")
  func logins() async throws {
    let redshift = try await Self.warehouse("logins")
    try await Self.expectSuccess(redshift)
    let star = try await redshift.star()
    // The first sessions of a run, one after another, and then all.
    for skipped in 0..<4 {
      try redshift.aws.inject("refuse", "login:", times: 10_000, skip: skipped)
      let report = await redshift.run()
      try redshift.aws.control("faults")
      #expect(report.error?.detail?.contains("connection limit") == true, "\(report.outcome)")
      #expect(try redshift.aws.litter() == [])
    }
    try await Self.expectWhole(redshift, star)
  }

  // MARK: Parts

  private static func warehouse(_ name: String) async throws -> RedshiftWarehouse {
    try await RedshiftWarehouse(name, try SourceFolder.small(users: 2), own: true, attempts: 2)
  }

  private static let packed: RestageSettings = {
    var restage = RestageSettings(output: .s3(bucket: "objects", prefix: "restaged/"))
    restage.slices = 2
    return restage
  }()

  /// Runs stage by stage, so that each kind of statement is known by the stage that sends it first.
  private static func record(_ redshift: RedshiftWarehouse) async throws -> [Kind] {
    var kinds: [Kind] = []
    for stage in Stage.all(for: .redshift, restages: false).map(\.id) {
      let before = try redshift.aws.statements()
      let report = await redshift.run(.only([stage]))
      try #require(report.outcome == .succeeded, "\(stage): \(report.outcome)")
      let new = try redshift.aws.statements().dropFirst(before.count)
      kinds += new.map { Kind(stage: max(stage, .create), text: $0) }
    }
    try #require(kinds.count > 60)
    return kinds
  }

  /// One of the three in turn. To publish is tried sixty times when others are in the way.
  private static func fault(_ index: Int, _ kind: Kind) -> String {
    kind.stage == .publish
      ? ["error", "cut-before"][index % 2] : ["error", "1023", "cut-before"][index % 3]
  }

  /// Whether an error is about the fault, and not about what an earlier one left.
  private static func tells(_ error: WarehouseError, _ fault: String) -> Bool {
    switch fault {
    case "error": error.description.contains("asked to fail")
    case "1023": error.isSerializationFailure || error.description.contains("Serializable")
    default: error.kind == .connection || error.kind == .locked
    }
  }

  /// The operations of S3 that a run asks for.
  private static func operations(
    _ redshift: RedshiftWarehouse, _ restage: RestageSettings?
  ) async throws -> [String] {
    let before = try redshift.aws.calls().count
    let report = await redshift.run { $0.restage = restage }
    try #require(report.outcome == .succeeded, "\(report.outcome)")
    let made = Set(try redshift.aws.calls().dropFirst(before)).sorted()
    try #require(made.contains("s3:GetObject") && made.contains("s3:DeleteObjects"), "\(made)")
    return made
  }

  private static func expectSuccess(_ redshift: RedshiftWarehouse) async throws {
    let report = await redshift.run()
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
  }

  /// One more run succeeds, and nothing tells of what was before it.
  private static func expectWhole(
    _ redshift: RedshiftWarehouse, _ star: [String: [[String?]]]
  ) async throws {
    try await expectSuccess(redshift)
    #expect(try await redshift.star() == star)
    #expect(try redshift.aws.litter() == [])
    #expect(try await !RedshiftRunLock.isHeld(asSeenBy: redshift.session))
    for table in ["runs", "stage_runs"] {
      let open = "SELECT count(*) FROM sparkify_ops.\(table) WHERE state = 'running'"
      #expect(try await redshift.scalar(open) == "0", "\(table)")
    }
    let left =
      "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname LIKE 'sparkify_replaced%'"
    #expect(try await redshift.scalar(left) == "0")
  }
}
