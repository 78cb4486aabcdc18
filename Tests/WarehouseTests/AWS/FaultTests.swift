import Synchronization
import Testing

@testable import Warehouse

/// What becomes of answers that go wrong. Pauses are recorded and not made.
@Suite("Faults of AWS")
struct FaultTests {
  private typealias Server = ScriptedServer
  private static let hello = Server.answer("200 OK", "hello")

  private final class Setting: Sendable {
    let server: ScriptedServer
    let s3: S3Client
    private let waits = Waits()
    private let calls = Calls()
    private let words = Words()

    init(
      _ answers: [String], isAnonymous: Bool = false, _ variables: [String: String] = [:]
    ) throws {
      server = try ScriptedServer(answers)
      var settings = AWSSettings.test(endpoint: "http://127.0.0.1:\(server.port)", variables)
      settings.sessionToken = Secret("hidden-token")
      settings.isAnonymous = isAnonymous
      let (waits, calls) = (waits, calls)
      var policy = RetryPolicy()
      policy.pause = { (duration, _) throws(WarehouseError) in
        waits.list.withLock { $0.append(duration) }
      }
      policy.random = { 1 }
      s3 = S3Client(
        AWSClient(
          settings, retry: policy,
          observer: { record in calls.list.withLock { $0.append(record) } },
          notice: { [words] line in words.list.withLock { $0.append(line) } }))
    }

    var client: AWSClient { s3.client }
    var notices: [String] { words.list.withLock { $0 } }

    var pauses: [Duration] { waits.list.withLock { $0 } }
    var records: [StatementRecord] { calls.list.withLock { $0 } }

    func get() -> Result<String, WarehouseError> {
      Result { () throws(WarehouseError) in
        String(decoding: try s3.get("k", in: "bkt").bytes, as: UTF8.self)
      }
    }
  }

  private final class Waits: Sendable { let list = Mutex<[Duration]>([]) }
  private final class Calls: Sendable { let list = Mutex<[StatementRecord]>([]) }
  private final class Words: Sendable { let list = Mutex<[String]>([]) }

  @Test("503 SlowDown is waited out, ever longer, and told in the log")
  func slowDown() throws {
    let slow = Server.fault("503 Slow Down", "SlowDown")
    let setting = try Setting([slow, slow, Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.pauses == [.seconds(1), .seconds(2)])
    #expect(setting.records.map(\.sql) == ["s3:GetObject /bkt/k (3 tries)"])
  }

  @Test("a wait that AWS asks for is kept")
  func askedWait() throws {
    let busy = Server.fault("500 Internal", "InternalError", ["x-amz-retry-after: 1500"])
    let setting = try Setting([busy, Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.pauses == [.milliseconds(1500)])
  }

  @Test("a fault that stays is told after four tries, as nobody's here to mend")
  func lasting() throws {
    let setting = try Setting([Server.answer("502 Bad Gateway", "<html>oops")])
    #expect(setting.get().failure?.kind == .connection)
    #expect(setting.get().failure?.isTransient == true)
    #expect(setting.server.requests.count == 8)
  }

  @Test("a body that is cut short is fetched again, with a length and in chunks")
  func cut() throws {
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"
    let setting = try Setting([short, chunked, "", Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.server.requests.count == 4)
  }

  @Test("a byte that was changed on its way shows by the ETag")
  func flipped() throws {
    let tag = "ETag: \"5d41402abc4b2a76b9719d911017c592\""
    #expect(try Setting([Server.answer("200 OK", "hello", [tag])]).get() == .success("hello"))
    let error = try Setting([Server.answer("200 OK", "hellO", [tag])]).get().failure
    #expect(error?.kind == .connection)
    #expect(error?.detail == "the bytes that came have another MD5 than the object")
    let again = try Setting([
      Server.answer("200 OK", "hellO", [tag]), Server.answer("200 OK", "hello", [tag]),
    ])
    #expect(again.get() == .success("hello"))
    #expect(again.records.map(\.sql) == ["s3:GetObject /bkt/k (2 tries)"])
    let parts = "ETag: \"5d41402abc4b2a76b9719d911017c592-2\""
    #expect(try Setting([Server.answer("200 OK", "hellO", [parts])]).get() == .success("hellO"))
  }

  @Test("an object that is shorter than it was listed is an error, not a short file")
  func shorterThanListed() throws {
    let setting = try Setting(["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel"])
    let stream = try S3Store(setting.s3, bucket: "bkt", prefix: "").open(
      SourceObject(
        path: "s3://bkt/k", size: 5, modified: Timestamp(milliseconds: 0), compression: .none))
    let error = #expect(throws: WarehouseError.self) {
      var bytes = [UInt8](repeating: 0, count: 10)
      try bytes.withUnsafeMutableBytes { _ = try stream.read(into: $0) }
    }
    #expect(error?.kind == .input)
    #expect(error?.detail == "3 bytes came where the listing says 5")
    #expect(setting.server.requests.count == 4)
  }

  @Test("tries as often as the environment says, and says what is wrong with a wrong number")
  func attempts() throws {
    let bad = Server.answer("502 Bad Gateway")
    for (variables, count) in [
      (["AWS_MAX_ATTEMPTS": "1"], 1), (["AWS_RETRY_MODE": "legacy"], 5),
      (["AWS_RETRY_MODE": "standard"], 3),
      (["AWS_RETRY_MODE": "Adaptive", "AWS_MAX_ATTEMPTS": "2"], 2),
    ] {
      let setting = try Setting([bad], variables)
      #expect(setting.get().failure?.kind == .connection)
      #expect(setting.server.requests.count == count, "\(variables)")
    }
    for variables in [["AWS_MAX_ATTEMPTS": "0"], ["AWS_RETRY_MODE": "often"]] {
      let error = try Setting([bad], variables).get().failure
      #expect(error?.kind == .configuration)
      #expect(error?.message.contains(variables.keys.first ?? "?") == true)
    }
  }

  @Test("many failing calls do not become many more: what they may spend together has an end")
  func tokens() throws {
    let setting = try Setting([Server.answer("502 Bad Gateway")])
    for _ in 0..<20 { _ = setting.get() }
    // 500 tokens, 14 a repetition.
    #expect(setting.server.requests.count == 20 + 500 / 14)
  }

  @Test("a bucket's region is learned from every answer that tells it")
  func regions() throws {
    let told = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-north-1</Region></Error>"
    for answers in [
      [Server.answer("400 Bad Request", told)],
      [
        Server.fault(
          "307 Temporary Redirect", "TemporaryRedirect", ["x-amz-bucket-region: eu-north-1"])
      ],
      // It does not say, so the bucket is asked.
      [
        Server.fault("301 Moved Permanently", "PermanentRedirect"),
        Server.answer("200 OK", "", ["x-amz-bucket-region: eu-north-1"]),
      ],
    ] {
      let setting = try Setting(answers + [Self.hello])
      #expect(setting.get() == .success("hello"))
      #expect(setting.server.requests.last?.contains("/eu-north-1/s3/") == true)
      #expect(setting.pauses.isEmpty)
    }
    let new = Server.fault("307 Temporary Redirect", "TemporaryRedirect")
    let setting = try Setting([new, Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.pauses.count == 1)
  }

  @Test("a read that waits for its answer ends when it is cancelled")
  func cancelledInFlight() throws {
    let cancellation = Cancellation()
    let server = try ScriptedServer([]) { cancellation.cancel() }
    let s3 = S3Client(
      AWSClient(.test(endpoint: "http://127.0.0.1:\(server.port)"), retry: RetryPolicy()))
    let stream = try S3Store(s3, bucket: "bkt", prefix: "").open(
      SourceObject(
        path: "s3://bkt/k", size: 5, modified: Timestamp(milliseconds: 0), compression: .none),
      at: 0, cancellation)
    // Without the cancellation it would be given up after half a minute, as a lost connection.
    #expect(throws: WarehouseError.cancelled) {
      var bytes = [UInt8](repeating: 0, count: 10)
      try bytes.withUnsafeMutableBytes { _ = try stream.read(into: $0) }
    }
    #expect(server.requests.count == 1)
  }

  @Test("whatever goes wrong, neither errors nor the log hold a secret or a signature")
  func secrets() throws {
    let statuses = [
      "200 OK", "206 Partial Content", "301 Moved Permanently", "307 Temporary Redirect",
      "400 Bad Request", "403 Forbidden", "404 Not Found", "500 Internal", "503 Slow Down",
    ]
    let codes = [
      "SignatureDoesNotMatch", "InvalidAccessKeyId", "ExpiredToken", "InvalidToken", "AccessDenied",
      "RequestTimeTooSkewed", "SlowDown", "PermanentRedirect", "NoSuchKey",
    ]
    var said = ""
    for (index, code) in codes.enumerated() {
      let setting = try Setting([Server.fault(statuses[index], code), ""])
      for _ in 0..<2 {
        guard case .failure(let error) = setting.get() else { continue }
        said += "\(error) \(error.description) \(error.detail ?? "") \(error.hint ?? "")"
      }
      said += setting.records.map { "\($0)" }.joined()
    }
    #expect(said.contains("AccessDenied"))
    for secret in ["hidden-secret", "hidden-token", "AKIDTESTS", "Signature=", "Credential="] {
      #expect(!said.contains(secret), "\(secret)")
    }
  }

  @Test("AWS's words about a signature end where they repeat the request, in every form")
  func repeated() throws {
    let request = """
      The request signature we calculated does not match the signature you provided.

      The Canonical String for this request should have been
      'POST
      /

      x-amz-security-token:hidden-token

      host;x-amz-security-token

      The String-to-Sign should have been
      'AWS4-HMAC-SHA256 Credential=AKIDTESTS/x, Signature=abc'
      """
    let json = JSONText.text(of: [("__type", "InvalidSignatureException"), ("message", request)])
    let incomplete = JSONText.text(of: [
      ("__type", "IncompleteSignatureException"),
      ("Message", "No '=' in Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIDTESTS/x'."),
    ])
    for body in [
      "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>\(request)</Message></Error>"
        + "</ErrorResponse>", json, incomplete,
      "<Error><Code>Other</Code><Message>it was hidden-token by hidden-secret</Message></Error>",
    ] {
      let setting = try Setting([Server.answer("403 Forbidden", body)])
      let error = #expect(throws: WarehouseError.self) {
        try setting.client.query(.sts, "GetCallerIdentity", [], purpose: "ask", Cancellation())
      }
      let said = "\(error?.description ?? "") \(setting.records)"
      for secret in ["hidden-token", "hidden-secret", "AKIDTESTS", "Signature=", "Credential="] {
        #expect(!said.contains(secret), "\(said)")
      }
      #expect(error?.detail?.contains("\n") == false)
    }
    let password = try Setting([
      Server.answer(
        "400 Bad Request",
        "<ErrorResponse><Error><Code>Invalid</Code><Message>Hidden1x is bad</Message></Error>"
          + "</ErrorResponse>")
    ])
    let error = #expect(throws: WarehouseError.self) {
      try password.client.query(
        .redshift, "CreateCluster", [("MasterUserPassword", "Hidden1x")], purpose: "make it",
        Cancellation())
    }
    #expect(error?.detail == "Invalid: ••• is bad")
  }

  @Test("a wrong clock is set right by the server's, once, and told to a person")
  func clock() throws {
    for code in ["RequestTimeTooSkewed", "RequestExpired"] {
      let skewed = Server.fault(
        "403 Forbidden", code, ["Date: Sun, 06 Nov 1994 08:49:37 GMT"])
      let setting = try Setting([skewed, Self.hello])
      #expect(setting.get() == .success("hello"))
      #expect(setting.server.requests.last?.contains("X-Amz-Date: 19941106T0849") == true)
      #expect(setting.get() == .success("hello"))
      #expect(setting.notices.count == 1)
      #expect(setting.notices.first?.contains("clock is") == true)
    }
    let skewed = Server.fault(
      "403 Forbidden", "RequestTimeTooSkewed", ["Date: Sun, 06 Nov 1994 08:49:37 GMT"])
    let stubborn = try Setting([skewed])
    #expect(stubborn.get().failure?.kind == .configuration)
    #expect(stubborn.server.requests.count == 2)
  }

  @Test("a request that expired while the clocks agree was signed with a key that has ended")
  func expiredKey() throws {
    let setting = try Setting([Server.fault("400 Bad Request", "RequestExpired"), Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.notices.isEmpty)
    let error = try Setting([Server.fault("400 Bad Request", "RequestExpired")]).get().failure
    #expect(error?.kind == .configuration)
    #expect(error?.hint?.contains("sign in again") == true)
  }

  @Test("an answer that was cut with no length to tell is asked for again, in every protocol")
  func cutDocuments() throws {
    let cut = { (body: String) in
      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body.prefix(body.count / 2)
    }
    let identity =
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
      + "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    let query = try Setting([cut(identity), Server.answer("200 OK", identity)])
    #expect(
      try query.client.query(.sts, "GetCallerIdentity", [], purpose: "ask", Cancellation())
        .text("Account") == "1")
    let job = #"{"jobRun":{"state":"RUNNING"}}"#
    let json = try Setting([cut(job), Server.answer("200 OK", job)])
    #expect(
      try json.client.json(.emr, "DescribeStep", [], purpose: "look", Cancellation())["jobRun"]
        != nil)
    let missing = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n<ErrorResponse><Error><Co"
    let refused = try Setting([missing, Server.answer("200 OK", identity)])
    #expect(
      try refused.client.query(.sts, "GetCallerIdentity", [], purpose: "ask", Cancellation())
        .text("Account") == "1")
    let deleted = "<DeleteResult></DeleteResult>"
    let objects = try Setting([cut(deleted), Server.answer("200 OK", deleted)])
    try objects.s3.delete(["a", "b"], in: "bkt")
    #expect(objects.server.requests.count == 2)
    // What must not be done twice is not: whether it was done is not known.
    let once = try Setting([cut(job), Server.answer("200 OK", job)])
    #expect(throws: WarehouseError.self) {
      try once.client.json(
        .emr, "AddJobFlowSteps", [], purpose: "add", isRepeatable: false, Cancellation())
    }
    #expect(once.server.requests.count == 1)
  }

  @Test("a byte that was changed on its way shows by the checksum that S3 keeps")
  func checksums() throws {
    // Of "123456789": the check values of the three algorithms, and SHA-256.
    for (name, sum) in [
      ("crc32", "y/Q5Jg=="), ("crc32c", "4waSgw=="), ("crc64nvme", "rosUhgp5mIg="),
      ("sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
    ] {
      let header = "x-amz-checksum-\(name): \(sum)"
      #expect(
        try Setting([Server.answer("200 OK", "123456789", [header])]).get()
          == .success("123456789"), "\(name)")
      let error = try Setting([Server.answer("200 OK", "123456780", [header])]).get().failure
      #expect(error?.detail == "the bytes that came have another checksum than the object")
    }
    let parts = "x-amz-checksum-crc32: y/Q5Jg==-3"
    #expect(try Setting([Server.answer("200 OK", "other", [parts])]).get() == .success("other"))
  }

  @Test("an upload that was completed by a call whose answer was lost is complete")
  func completedUnheard() throws {
    let begun =
      "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
    func answers(_ size: Int) -> [String] {
      [
        Server.answer("200 OK", begun), Server.answer("200 OK", "", ["ETag: \"a\""]), "",
        Server.fault("404 Not Found", "NoSuchUpload"),
        Server.answer(
          "200 OK",
          "<ListBucketResult><Contents><Key>k</Key><Size>\(size)</Size></Contents></ListBucketResult>"
        ), Server.answer("204 No Content"),
      ]
    }
    let bytes = [UInt8](repeating: 7, count: 5 << 20)
    let whole = try Setting(answers(bytes.count))
    try whole.s3.upload(MemoryStream(bytes), to: "k", in: "bkt", partBytes: 5 << 20)
    let other = try Setting(answers(3))
    let error = #expect(throws: WarehouseError.self) {
      try other.s3.upload(MemoryStream(bytes), to: "k", in: "bkt", partBytes: 5 << 20)
    }
    #expect(error?.serviceCode == "NoSuchUpload")
  }

  @Test("a bucket in another region is asked there, and from then on at once")
  func region() throws {
    let moved = Server.fault(
      "301 Moved Permanently", "PermanentRedirect", ["x-amz-bucket-region: eu-north-1"])
    let setting = try Setting([moved, Self.hello])
    #expect(setting.get() == .success("hello"))
    #expect(setting.get() == .success("hello"))
    let scopes = setting.server.requests.map { $0.contains("/eu-north-1/s3/") }
    #expect(scopes == [false, true, true])
  }

  @Test("a redirect is never followed to another host")
  func redirect() throws {
    let away = Server.answer("302 Found", "", ["Location: http://127.0.0.1:1/"])
    let setting = try Setting([away])
    #expect(setting.get().failure?.kind == .server)
    #expect(setting.server.requests.count == 1)
  }

  @Test("an error under 200 is an error")
  func errorUnder200() throws {
    let setting = try Setting([
      Server.answer(
        "200 OK",
        "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"),
      Server.answer("200 OK", "", ["ETag: \"a\""]),
      Server.fault("200 OK", "AccessDenied"), Server.answer("204 No Content"),
    ])
    let stream = MemoryStream([UInt8](repeating: 7, count: 5 << 20))
    let error = #expect(throws: WarehouseError.self) {
      try setting.s3.upload(stream, to: "k", in: "bkt", partBytes: 5 << 20)
    }
    #expect(error?.serviceCode == "AccessDenied")
    #expect(setting.server.requests.last?.hasPrefix("DELETE /bkt/k?uploadId=u ") == true)
  }

  @Test("refused keys are the configuration's matter, missing rights and objects are not")
  func kinds() throws {
    for (status, code, kind) in [
      ("403 Forbidden", "SignatureDoesNotMatch", WarehouseError.Kind.configuration),
      ("403 Forbidden", "InvalidAccessKeyId", .configuration),
      ("403 Forbidden", "AccessDenied", .server), ("404 Not Found", "NoSuchKey", .input),
      ("404 Not Found", "NoSuchBucket", .input), ("403 Forbidden", "InvalidObjectState", .input),
    ] {
      let setting = try Setting([Server.fault(status, code)])
      let error = setting.get().failure
      #expect(error?.kind == kind, "\(code)")
      #expect(error?.serviceCode == code)
      #expect(error?.hint?.hasSuffix(".") == true)
      #expect(setting.server.requests.count == 1)
      #expect(setting.records.first?.error?.serviceCode == code)
    }
  }

  @Test("anonymous requests carry no signature, and secrets are in no request")
  func anonymous() throws {
    let open = try Setting([Self.hello], isAnonymous: true)
    #expect(open.get() == .success("hello"))
    #expect(open.server.requests.first?.contains("Authorization") == false)
    let signed = try Setting([Self.hello])
    #expect(signed.get() == .success("hello"))
    #expect(signed.server.requests.first?.contains("Authorization: AWS4-HMAC-SHA256") == true)
    #expect(signed.server.requests.first?.contains("hidden-secret") == false)
    #expect(signed.records.isEmpty)
  }

  @Test("nobody listening is a lost connection, and a cancelled call is cancelled")
  func nobody() throws {
    var policy = RetryPolicy()
    policy.pause = { _, _ in }
    let port = try ScriptedServer([]).port
    let client = AWSClient(.test(endpoint: "http://127.0.0.1:\(port)"), retry: policy)
    let error = #expect(throws: WarehouseError.self) { try S3Client(client).get("k", in: "bkt") }
    #expect(error?.kind == .connection)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: WarehouseError.cancelled) {
      try S3Client(client).get("k", in: "bkt", cancellation)
    }
  }

  @Test("errors of every protocol are read: query, EC2, JSON with its decorations, HTML")
  func forms() {
    func fault(_ body: String, _ headers: [String: String] = [:]) -> AWSFault? {
      AWSFault(
        HTTPResponse(status: 400, headers: headers, body: Array(body.utf8)), form: .restJSON)
    }
    #expect(
      fault("<ErrorResponse><Error><Code>ClusterNotFound</Code></Error></ErrorResponse>")?.code
        == "ClusterNotFound")
    #expect(
      fault("<Response><Errors><Error><Code>A</Code></Error></Errors></Response>")?.code == "A")
    #expect(fault(#"{"__type":"ns#ResourceNotFoundException","Message":"m"}"#)?.message == "m")
    #expect(
      fault(#"{"message":"m"}"#, ["x-amzn-errortype": "ValidationException:http://x"])?.code
        == "ValidationException")
    #expect(fault("<html>")?.code == "HTTP 400")
  }
}

extension JSONText {
  fileprivate static func text(of members: [(String, String)]) -> String {
    var text = JSONText()
    text.object(members.map { ($0.0, JSONValue.string($0.1)) })
    return text.text
  }
}

extension Result where Failure == WarehouseError {
  fileprivate var failure: WarehouseError? {
    if case .failure(let error) = self { error } else { nil }
  }
}
