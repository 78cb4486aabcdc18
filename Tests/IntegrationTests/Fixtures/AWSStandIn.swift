import Glibc

@testable import Warehouse

/// AWS on the loopback: moto, behind a check of every signature. It ends with the test process.
///
/// `make` installs what it needs into `.build/python`.
struct AWSStandIn: Sendable {
  let endpoint: String

  /// The one that all tests share; each makes buckets of its own.
  static func shared() async throws -> AWSStandIn { try await instance.value }

  private static let instance = Task { try AWSStandIn() }

  private init() throws {
    guard let port = Int(try Self.start("stand_in.py")) else {
      throw WarehouseError(.system, "the stand-in for AWS did not start")
    }
    endpoint = "http://127.0.0.1:\(port)"
  }

  /// Starts a server of `Tests/aws` and returns the line that it writes. It ends with this process.
  static func start(_ script: String) throws -> String {
    let folder = Program.packageFolder
    let python = folder + "/.build/python/bin/python"
    guard FileSystem.isExecutable(python) else {
      throw WarehouseError(.system, "there is no \(python)", hint: "Run make test once.")
    }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw FileSystem.failure("could not open", "a socket")
    }
    defer { close(ends[1]) }
    try Self.spawn([python, folder + "/Tests/aws/" + script], standard: ends[1])
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    // Our end stays open, and with it the server, until this process ends.
    return String(decoding: line, as: UTF8.self)
  }

  /// Settings that reach nothing else.
  var settings: AWSSettings {
    var settings = AWSSettings()
    settings.accessKey = Secret("AKIDTESTS")
    settings.secretKey = Secret("secret/of+the=tests")
    settings.region = "us-west-2"
    settings.endpoint = endpoint
    settings.surroundings = AWSSurroundings(
      homeFolder: "/nowhere", variables: ["AWS_EC2_METADATA_DISABLED": Secret("true")])
    return settings
  }

  var s3: S3Client { S3Client(AWSClient(settings)) }

  /// A bucket of its own.
  func makeBucket(_ name: String) throws {
    var call = AWSCall(.s3, "CreateBucket", purpose: "make a bucket", bucket: name)
    call.method = "PUT"
    call.body = Array(
      """
      <CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint>\
      </CreateBucketConfiguration>
      """.utf8)
    _ = try AWSClient(settings).send(call, Cancellation())
  }

  /// Starts a program with one descriptor for what it reads and what it writes.
  private static func spawn(_ words: [String], standard: Int32) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, standard, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, standard, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let arguments: [UnsafeMutablePointer<CChar>?] =
      words.map { (word: String) in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    guard posix_spawn(&process, words[0], &actions, nil, arguments, environ) == 0 else {
      throw WarehouseError(.system, "could not start \(words[0])")
    }
  }
}
