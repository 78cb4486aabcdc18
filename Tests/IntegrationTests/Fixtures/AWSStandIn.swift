import Glibc

@testable import Warehouse

/// Amazon's cloud on the loopback: moto behind a check of every signature, and clusters that answer as
/// Redshift does. It ends with the test process.
///
/// `make` installs what it needs into `.build/python`; `Tests/aws/cloud.py` says what it can.
struct AWSStandIn: Sendable {
  let endpoint: String
  /// The file of the authority that the clusters' certificates come from.
  let authority: String
  private let transport = HTTPTransport()

  /// The one that all tests share; each makes buckets and clusters of its own.
  static func shared() async throws -> AWSStandIn { try await instance.value }

  /// One for a test that injects faults into calls or counts them.
  static func own() async throws -> AWSStandIn { try await onOwnThread { try AWSStandIn() } }

  private static let instance = Task { try await own() }

  private init() throws {
    let described = JSONValue(parsing: Array(try Self.start("cloud.py").utf8))
    guard let endpoint = described?["endpoint"]?.text, let authority = described?["authority"]?.text
    else { throw WarehouseError(.system, "the stand-in for AWS did not start") }
    self.endpoint = endpoint
    self.authority = authority
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

  /// A cluster that is there at once, with these roles attached: how to reach it, as its master user.
  ///
  /// - Parameters:
  ///   - isServerless: whether it has the system views of serverless alone.
  ///   - hidden: system views that it does not have.
  func makeCluster(
    _ identifier: String, roles: [String] = [], isServerless: Bool = false, hidden: [String] = []
  ) throws -> ConnectionSettings {
    let made = try control(
      "cluster",
      .object([
        ("identifier", JSONValue(identifier)), ("roles", .strings(roles)),
        ("serverless", .boolean(isServerless)), ("hidden", .strings(hidden)),
      ]))
    return ConnectionSettings(
      host: made["host"]?.text, port: made["port"]?.number, database: made["database"]?.text,
      user: made["user"]?.text, password: made["password"]?.text.map { Secret($0) },
      sslMode: .verifyFull, sslRootCertificate: authority)
  }

  /// Lets something fail: `match` is a regular expression on `service:Action`, on `METHOD /target`,
  /// on SQL when it begins with `sql:`, on a user who logs in when it begins with `login:`; behind
  /// `kind:` stands one of `statements()`.
  ///
  /// - Parameter skip: how many times it goes well before.
  func inject(
    _ kind: String, _ match: String, times: Int = 1, seconds: Double = 0.1, skip: Int = 0
  ) throws {
    let fault: JSONValue = .object([
      ("match", JSONValue(match)), ("kind", JSONValue(kind)), ("n", .integer(times)),
      ("seconds", .real(seconds)), ("skip", .integer(skip)),
    ])
    try control("faults", .array([fault]))
  }

  /// What a policy would have refused of the calls after so many.
  func refused(by policy: String, after count: Int) throws -> [String] {
    let value: JSONValue = .object([("document", .string(policy)), ("after", .integer(count))])
    return (try control("policy", value).elements ?? []).compactMap(\.text)
  }

  /// What runs left in buckets that they should have removed.
  func litter() throws -> [String] {
    (try control("remains").elements ?? []).compactMap(\.text).filter { line in
      ["upload ", "object ", "restaging "].contains { line.hasPrefix($0) }
    }
  }

  /// Every kind of statement so far, in the order in which each came first.
  func statements() throws -> [String] {
    (try control("statements").elements ?? []).compactMap(\.text)
  }

  /// Every call so far, as `service:Action`, or `METHOD /target` where there is no action.
  func calls() throws -> [String] {
    (try control("calls").elements ?? []).map { call in
      let action = call["action"]?.text ?? ""
      return action.isEmpty
        ? "\(call["method"]?.text ?? "") \(call["target"]?.text ?? "")"
        : "\(call["service"]?.text ?? ""):\(action)"
    }
  }

  /// Asks the stand-in itself for something.
  @discardableResult
  func control(_ name: String, _ value: JSONValue? = nil) throws -> JSONValue {
    var request = HTTPRequest(host: String(endpoint.dropFirst("http://".count)))
    request.scheme = "http"
    request.path = "/__" + name
    if let value {
      var text = JSONText()
      text.value(value)
      request.method = "POST"
      request.body = text.bytes
    }
    let answer = try transport.send(request, Cancellation()).get()
    guard answer.status == 200, let value = JSONValue(parsing: answer.body) else {
      throw WarehouseError(
        .system, "the stand-in refused", detail: String(decoding: answer.body, as: UTF8.self))
    }
    return value
  }

  /// A role with this inline policy, which Redshift may take on; its ARN.
  func makeRole(_ name: String, policy: String) throws -> String {
    let trust = """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"redshift.amazonaws.com"},"Action":"sts:AssumeRole"}]}
      """
    let made = try control(
      "role",
      .object([
        ("name", JSONValue(name)), ("trust", JSONValue(trust)), ("policy", JSONValue(policy)),
      ]))
    return made["arn"]?.text ?? ""
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

/// Does what blocks away from the threads that all tests share.
func onOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await onThread(Cancellation()) { () throws(WarehouseError) in Result { try body() } }.get()
}

extension JSONValue {
  fileprivate static func strings(_ texts: [String]) -> JSONValue {
    .array(texts.map { JSONValue($0) })
  }
}
