import Testing

@testable import Warehouse

@Suite("Cancelling on Redshift")
struct RedshiftCancelTests {
  private static func warehouse(_ name: String) async throws -> RedshiftWarehouse {
    try await RedshiftWarehouse(name, try SourceFolder.small(users: 4))
  }

  /// Matches the COPYs of one bucket: other tests have others.
  private static func copies(of name: String) -> String { "sql:^COPY(.|\n)*s3://\(name)/" }

  @Test("ends a run whose COPY goes on, also after another run was refused beside it")
  func besideAnother() async throws {
    let redshift = try await Self.warehouse("cancel-run")
    try redshift.aws.inject("slow", Self.copies(of: "cancel-run"), seconds: 600)
    let first = Task { await redshift.run() }
    try await redshift.waitUntilCopying()
    let second = await redshift.run()
    #expect(second.error?.kind == .locked)
    first.cancel()
    let report = await first.value
    #expect(report.outcome == .cancelled)
    #expect(try redshift.objects(under: "work/") == 0)
    #expect(
      try await redshift.scalar("SELECT count(*) FROM sparkify_build.staging_events") == "0")
    let third = await redshift.run()
    #expect(third.outcome == .succeeded, "\(third.error.map(\.description) ?? "")")
    #expect(
      try await RunHistory(redshift.session).runs(limit: 9).map(\.state)
        == [.succeeded, .cancelled])
  }

  @Test("asks on another connection where a request has no effect, and the session lives on")
  func deaf() async throws {
    let redshift = try await Self.warehouse("cancel-deaf")
    let session = try await redshift.open()
    let error = try await cancelCopy(
      of: "cancel-deaf", "deaf", on: session, redshift, patience: .seconds(2))
    #expect(error == .cancelled)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("ends the session where nothing else has an effect, and its locks are free")
  func stubborn() async throws {
    let redshift = try await Self.warehouse("cancel-stubborn")
    let session = try await redshift.open()
    let error = try await cancelCopy(
      of: "cancel-stubborn", "stubborn", on: session, redshift, patience: .milliseconds(200))
    #expect(error == .cancelled)
    #expect(await !session.isAlive)
    try await redshift.session.execute("BEGIN")
    try await redshift.session.execute("LOCK sparkify_build.staging_songs")
    #expect(
      try await redshift.scalar("SELECT count(*) FROM sparkify_build.staging_songs") == "0")
    try await redshift.session.execute("ROLLBACK")
  }

  @Test("waits no longer for a server that follows nothing at all")
  func dead() async throws {
    let redshift = try await Self.warehouse("cancel-dead")
    let session = try await redshift.open()
    let error = try await cancelCopy(
      of: "cancel-dead", "dead", on: session, redshift, patience: .milliseconds(200))
    #expect(error == .cancelled)
    #expect(await !session.isAlive)
  }

  /// Cancels a COPY of the bucket's songs on a server with a fault; the error that it ends with.
  private func cancelCopy(
    of bucket: String, _ fault: String, on session: PostgresSession, _ redshift: RedshiftWarehouse,
    patience: Duration
  ) async throws -> WarehouseError? {
    #expect(await redshift.run(.only([.create])).outcome == .succeeded)
    try redshift.aws.inject(fault, Self.copies(of: bucket), times: 10_000)
    try redshift.aws.inject("slow", Self.copies(of: bucket), seconds: 600)
    let role = redshift.runSettings.copy.roleARN ?? ""
    let copy = """
      COPY sparkify_build.staging_songs (song_id) FROM 's3://\(bucket)/songs/'
      IAM_ROLE '\(role)' REGION 'us-west-2' FORMAT AS JSON 'auto'
      """
    let loading = RedshiftLoading(RedshiftSettings(), patience: patience)
    let task = Task {
      try await loading.watch(
        session, { _ throws(WarehouseError) in try await redshift.open() },
        { () async throws(WarehouseError) in try await session.execute(copy).rows })
    }
    try await redshift.waitUntilCopying()
    task.cancel()
    return await task.result.failure
  }
}
