/// The forms in which services are asked: what all operations of a service have in common.
extension AWSClient {
  /// Asks a service that takes a form and answers in XML.
  ///
  /// - Parameter parameters: names as the service flattens them, `Tags.Tag.1.Key`.
  /// - Returns: the element with the result.
  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    isRepeatable: Bool = true, isUnsigned: Bool = false, _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement {
    let version: String
    switch service.form {
    case .query(let number), .ec2Query(let number): version = number
    case .restXML, .json, .restJSON: version = ""
    }
    var call = AWSCall(service, action, purpose: purpose)
    call.method = "POST"
    call.headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    let all = [("Action", action), ("Version", version)] + parameters
    call.body = Array(
      all.map { PercentEncoding.encode($0.0) + "=" + PercentEncoding.encode($0.1) }
        .joined(separator: "&").utf8)
    call.words = Self.words(parameters)
    call.secrets = parameters.filter { Self.isSecret($0.0) }.map { Secret($0.1) }
    call.isRepeatable = isRepeatable
    call.isUnsigned = isUnsigned
    let root = try readXML(call, cancellation) { $0.name == action + "Response" ? $0 : nil }
    // EC2's answers have no element around the result.
    return root[action + "Result"] ?? root
  }

  /// Asks a service that takes JSON and the operation in a header.
  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    isRepeatable: Bool = true, _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    var call = AWSCall(service, operation, purpose: purpose)
    call.method = "POST"
    var target = operation
    if case .json(let prefix) = service.form { target = "\(prefix).\(operation)" }
    call.headers = [
      ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target),
    ]
    var text = JSONText()
    text.object(members)
    call.body = text.bytes
    call.words = Self.words(members)
    call.secrets = members.filter { Self.isSecret($0.0) }.compactMap { $0.1.text }.map(Secret.init)
    call.isRepeatable = isRepeatable
    return try readJSON(call, cancellation)
  }

  /// Asks a service that takes JSON over paths.
  ///
  /// - Parameter path: its segments, not encoded.
  func restJSON(
    _ service: AWSService, _ operation: String, method: String, path: [String],
    query: [(String, String)] = [], _ members: [(String, JSONValue)]? = nil, purpose: String,
    isRepeatable: Bool = true, _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    var call = AWSCall(service, operation, purpose: purpose)
    call.method = method
    call.path = path.map { "/" + PercentEncoding.encode($0) }.joined()
    call.query = query.map { (name: $0.0, value: $0.1) }
    if let members {
      var text = JSONText()
      text.object(members)
      call.body = text.bytes
      call.headers = [("Content-Type", "application/json")]
    }
    call.isRepeatable = isRepeatable
    return try readJSON(call, cancellation)
  }

  private func readJSON(
    _ call: AWSCall, _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    try read(call, cancellation) { body in
      body.isEmpty ? .object([]) : JSONValue(parsing: body)
    }
  }

  /// Does a call that answers with a document, and takes out of it what is wanted.
  ///
  /// - Parameter take: nil for another document than the operation's.
  func readXML<Value>(
    _ call: AWSCall, _ cancellation: Cancellation,
    _ take: @escaping @Sendable (XMLElement) -> Value?
  ) throws(WarehouseError) -> Value {
    try read(call, cancellation) { body in XMLElement(parsing: body).flatMap(take) }
  }

  /// Does a call and reads its answer. One that cannot be read was cut on its way, with no length
  /// that told so, and is asked for again; what may be done once only is not.
  private func read<Value>(
    _ call: AWSCall, _ cancellation: Cancellation,
    _ take: @escaping @Sendable ([UInt8]) -> Value?
  ) throws(WarehouseError) -> Value {
    var call = call
    if call.isRepeatable {
      call.damage = { [call] response in take(response.body) == nil ? Self.unreadable(call) : nil }
    }
    let response = try send(call, cancellation)
    guard let value = take(response.body) else { throw Self.unreadable(call) }
    return value
  }

  /// Parameters as the command log shows them: `Name=value`, secrets as dots.
  static func words(_ parameters: [(String, String)]) -> String {
    parameters.map { name, value in
      "\(name)=\(isSecret(name) ? Configuration.mask : value)"
    }.joined(separator: " ")
  }

  /// Members as the command log shows them: JSON, secrets as dots.
  static func words(_ members: [(String, JSONValue)]) -> String {
    var text = JSONText()
    text.object(
      members.map { name, value in
        (name, isSecret(name) ? .string(Configuration.mask) : value)
      })
    return text.text
  }

  /// Whether a value under this name must not be shown.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["password", "token", "secret"].contains { name.contains($0) }
  }

  /// The error of an answer that is not what the operation answers.
  static func unreadable(_ call: AWSCall) -> WarehouseError {
    WarehouseError(
      .connection, "could not \(call.purpose)",
      detail: "the answer to \(call.operation) could not be read",
      hint: "Look at the endpoint: something else than AWS may answer there.")
  }
}
