import Foundation

@testable import Warehouse

/// An account at a stand-in of its own: buckets with a source, and the program with a configuration
/// that leads there.
struct CloudAccount: Sendable {
  static let warehouse = "sparkify-test"
  let aws: AWSStandIn
  let folder: String

  /// With what lies in `log_data` and `song_data` below `source` in a bucket, and with `settings`
  /// beside the usual ones; `login` says how the program logs in to the warehouse.
  init(_ source: String, settings: [String] = [], login: String? = nil) async throws {
    aws = try await AWSStandIn.own()
    folder = try TemporaryFolder.make()
    try await onOwnThread { [aws] in try Self.upload(source, to: aws) }
    try write(
      """
      [CLUSTER]
      DB_NAME=sparkify
      DB_USER=operator
      LOGIN=\(login ?? "")
      SSLMODE=verify-full
      SSLROOTCERT=\(aws.authority)
      [S3]
      LOG_DATA=s3://lake/log_data/
      SONG_DATA=s3://lake/song_data/
      WORK=s3://lake/work/
      [AWS]
      REGION=us-west-2
      ENDPOINT_URL=\(aws.endpoint)
      [DWH]
      DWH_CLUSTER_IDENTIFIER=\(Self.warehouse)
      DWH_POLL_SECONDS=0
      \(settings.joined(separator: "\n"))

      """, to: "dwh.cfg")
    try write(
      "[AWS]\nKEY=AKIDTESTS\nSECRET=secret/of+the=tests\n", to: "dwh_local.cfg")
    _ = try Subprocess.run(["/bin/chmod", "600", folder + "/dwh_local.cfg"])
  }

  private static func upload(_ source: String, to aws: AWSStandIn) throws {
    try aws.makeBucket("lake")
    for part in ["log_data", "song_data"] {
      for name in FileManager.default.enumerator(atPath: "\(source)/\(part)") ?? .init() {
        let key = "\(part)/\(name)"
        if FileSystem.isFolder("\(source)/\(key)") { continue }
        try aws.s3.put(FileSystem.read("\(source)/\(key)", limit: 64 << 20), to: key, in: "lake")
      }
    }
  }

  private func write(_ text: String, to name: String) throws {
    try FileSystem.write(Array(text.utf8), to: "\(folder)/\(name)")
  }

  /// Runs the program in this account.
  func run(_ arguments: String...) async throws -> Program.Outcome { try await run(arguments) }

  /// Runs the program in this account, where each call to AWS is tried so often.
  func run(_ arguments: [String], attempts: Int = 3) async throws -> Program.Outcome {
    try await Program.run(
      arguments,
      environment: ["AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "\(attempts)"],
      workingFolder: folder)
  }

  /// What costs or lets somebody in.
  func remains() throws -> [String] {
    (try aws.control("remains").elements ?? []).compactMap(\.text)
  }

  /// A session of the warehouse's user, found as the program finds it.
  func session() async throws -> PostgresSession {
    let options = ConfigurationOptions(
      workingFolder: folder, homeFolder: folder, environment: [:])
    let target = WarehouseTarget(
      configuration: try Configuration.load(options),
      stateFolder: StateFolder(home: folder, options: options))
    return try await target.openSession()
  }
}
